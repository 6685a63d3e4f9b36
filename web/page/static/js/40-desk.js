/* Desk: the board keeps itself fresh, the sheet prints, the camera sends frames. */
(function () {
  var $ = id => document.getElementById(id), live = $("live");
  if (live && window.EventSource) {
    var words = live.dataset, button = $("live-switch"), source, timer = 0, lost;
    var say = function (kind, text) {
      live.className = "livebar noprint " + kind;
      if ($("live-state").textContent !== text) $("live-state").textContent = text;
      button.textContent = source ? words.stop : words.start;
      live.hidden = false;
    };
    var lose = function () {
      lost = true;
      say("lost", words.lost.replace("{0}", $("board").dataset.clock));
    };
    var swap = function (html) {
      var fresh = new DOMParser().parseFromString(html, "text/html").getElementById("board"), old = $("board");
      var id = old.contains(document.activeElement) && document.activeElement.id, left = old.querySelector(".tlscroll").scrollLeft;
      if (!source) return;
      old.replaceWith(fresh);
      fresh.querySelector(".tlscroll").scrollLeft = left;
      if (id && $(id)) $(id).focus({ preventScroll: true });
    };
    var refresh = function () {
      var url = new URL(location.href);
      timer = 0;
      url.searchParams.delete("did");
      url.searchParams.set("part", "board");
      fetch(url).then(function (r) {
        return r.ok && !r.redirected ? r.text() : Promise.reject();
      }).then(swap).catch(lose);
    };
    var soon = ms => { timer = timer || setTimeout(refresh, ms); };
    var start = function () {
      var mine = source = new EventSource(words.events);
      mine.onopen = function () { lost = false; soon(0); say("", words.now); };
      mine.onerror = function () {
        if (mine !== source) return;
        lose();
        if (mine.readyState === 2) setTimeout(() => mine === source && start(), 3000);
      };
      mine.addEventListener("availability", function () { soon(300); });
      say("", words.now);
    };
    button.onclick = function () {
      if (!source) return start();
      source.close();
      source = null;
      say("off", words.off);
    };
    start();
    setInterval(function () { if (source && !lost && !document.hidden) soon(0); }, 60000);
  }
  /* What Tab reaches in a sideways scroll is shown whole. */
  document.addEventListener("focusin", function (e) {
    if (e.target.closest(".tltrack")) e.target.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  var print = $("print"), scan = $("scan");
  if (print) print.onclick = () => window.print(), print.hidden = false;
  if (!scan || !navigator.mediaDevices) return;
  var video = $("scan-video"), note = $("scan-state"), go = $("scan-start"), canvas = document.createElement("canvas");
  go.hidden = false;
  note.textContent = "";
  go.onclick = function () {
    navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).then(function (stream) {
      video.srcObject = stream;
      video.hidden = !(go.hidden = true);
      return video.play();
    }).then(look, function () { note.textContent = scan.dataset.none; });
  };
  function look() {
    var width = Math.min(640, video.videoWidth);
    note.textContent = scan.dataset.look;
    canvas.width = width;
    canvas.height = video.videoHeight * width / video.videoWidth;
    canvas.getContext("2d").drawImage(video, 0, 0, width, canvas.height);
    canvas.toBlob(function (blob) {
      fetch(scan.dataset.action, { method: "POST", body: blob }).then(function (r) {
        return r.status === 200 ? r.json() : null;
      }).then(function (found) {
        if (found) location.assign(found.to);
        else setTimeout(look, 300);
      }, function () { note.textContent = scan.dataset.lost; setTimeout(look, 2000); });
    }, "image/jpeg", 0.6);
  }
})();

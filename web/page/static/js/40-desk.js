/* Desk: the board keeps itself fresh, the sheet prints, the camera sends frames. All of it can be missing. */
(function () {
  var live = document.getElementById("live");
  if (live && window.EventSource) {
    var text = live.dataset, state = document.getElementById("live-state"), button = document.getElementById("live-switch");
    var source = null, timer = 0, lost = false;
    function say(kind, words) {
      live.className = "livebar noprint" + kind;
      if (state.textContent !== words) state.textContent = words;
      button.textContent = source ? text.stop : text.start;
      live.hidden = false;
    }
    function fetchBoard() {
      timer = 0;
      var url = new URL(location.href);
      ["did", "last"].forEach(function (k) { url.searchParams.delete(k); });
      url.searchParams.set("part", "board");
      fetch(url, { credentials: "same-origin" }).then(function (r) {
        if (!r.ok || r.redirected) throw new Error(r.status);
        return r.text();
      }).then(swap).catch(function () { lose(); });
    }
    function swap(html) {
      if (!source) return;
      var fresh = new DOMParser().parseFromString(html, "text/html").getElementById("board");
      var old = document.getElementById("board"), at = document.activeElement, id = old.contains(at) && at.id;
      var pane = old.querySelector(".tlscroll"), left = pane ? pane.scrollLeft : 0;
      old.replaceWith(fresh);
      pane = fresh.querySelector(".tlscroll");
      if (pane) pane.scrollLeft = left;
      if (id && (at = document.getElementById(id))) at.focus({ preventScroll: true });
      if (!lost) say("", text.now);
    }
    function soon(ms) { if (!timer) timer = setTimeout(fetchBoard, ms); }
    function lose() {
      lost = true;
      say(" lost", text.lost.replace("{0}", document.getElementById("board").dataset.clock));
    }
    function start() {
      source = new EventSource(text.events);
      source.onopen = function () { lost = false; soon(0); say("", text.now); };
      source.onerror = function () {
        lose();
        if (source.readyState === 2) { source.close(); setTimeout(function () { if (source) start(); }, 3000); }
      };
      source.addEventListener("availability", function () { soon(300); });
    }
    button.addEventListener("click", function () {
      if (source) { source.close(); source = null; say(" off", text.off); return; }
      start();
      say("", text.now);
    });
    start();
    setInterval(function () { if (source && !lost && !document.hidden) soon(0); }, 60000);
    window.addEventListener("pagehide", function () { if (source) source.close(); });
    window.addEventListener("pageshow", function (e) { if (e.persisted && source) start(); });
  }
  var print = document.getElementById("print");
  if (print) { print.hidden = false; print.addEventListener("click", function () { window.print(); }); }
  var scan = document.getElementById("scan");
  if (!scan || !navigator.mediaDevices) return;
  var video = document.getElementById("scan-video"), note = document.getElementById("scan-state"), go = document.getElementById("scan-start");
  go.hidden = false;
  note.textContent = "";
  go.addEventListener("click", function () {
    navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: 640 } }).then(function (stream) {
      video.srcObject = stream;
      video.hidden = false;
      go.hidden = true;
      note.textContent = scan.dataset.look;
      return video.play().then(look);
    }).catch(function () { note.textContent = scan.dataset.none; });
  });
  function look() {
    var canvas = document.createElement("canvas"), scale = Math.min(1, 640 / (video.videoWidth || 640));
    canvas.width = video.videoWidth * scale;
    canvas.height = video.videoHeight * scale;
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(function (blob) {
      if (!blob || blob.size > 65000) { setTimeout(look, 300); return; }
      fetch(scan.dataset.action, { method: "POST", body: blob, credentials: "same-origin", headers: { "Content-Type": "image/jpeg" } }).then(function (r) {
        note.textContent = scan.dataset.look;
        return r.status === 200 ? r.json() : null;
      }).then(function (found) {
        if (found) { location.assign(found.to); return; }
        setTimeout(look, 300);
      }).catch(function () { note.textContent = scan.dataset.lost; setTimeout(look, 2000); });
    }, "image/jpeg", 0.6);
  }
})();

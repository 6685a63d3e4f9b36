/* The hold's clock, more time without losing what was typed, and questions in a dialog. */
(function () {
  function post(button, part) {
    var form = button.form || document.getElementById("confirm");
    return fetch((button.formAction || form.action) + "?part=" + part, { method: "POST", credentials: "same-origin", body: new URLSearchParams(new FormData(form)) });
  }
  var say = document.getElementById("hold-say"), last = document.getElementById("hold-last"), end = 0, said = {};
  function box() { return document.getElementById("hold"); }
  function start(left) { end = performance.now() + left * 1000; said = {}; tick(); }
  function tick() {
    var b = box(), left = Math.max(0, Math.ceil((end - performance.now()) / 1000)), clock = document.getElementById("hold-clock");
    var text = Math.floor(left / 60) + ":" + ("0" + left % 60).slice(-2);
    clock.hidden = false;
    clock.textContent = "(" + text + ")";
    [120, 60, 20].forEach(function (n) {
      if (left > n || left < n - 2 || said[n]) return;
      said[n] = true;
      say.textContent = n === 20 ? b.dataset.last : b.dataset.say.replace("{0}", text);
      if (n === 20 && last.showModal && !last.open) last.showModal();
    });
    if (end - performance.now() < -5000) location.replace(b.dataset.here);
  }
  function sync() {
    fetch(box().dataset.here + "&part=left", { credentials: "same-origin" }).then(function (r) { return r.text(); })
      .then(function (t) { if (/^\d+$/.test(t)) end = performance.now() + t * 1000; }, function () {});
  }
  function more(button) {
    post(button, "hold").then(function (r) {
      if (!r.ok) { location.href = box().dataset.here; return; }
      return r.text().then(function (html) {
        var next = new DOMParser().parseFromString(html, "text/html").getElementById("hold");
        box().replaceWith(next);
        if (last.open) last.close();
        start(+next.dataset.left);
        (next.querySelector("[data-extend]") || next.querySelector("button")).focus();
      });
    });
  }
  if (box()) {
    start(+box().dataset.left);
    setInterval(tick, 1000);
    document.addEventListener("visibilitychange", function () { if (!document.hidden) sync(); });
    window.addEventListener("pageshow", function (e) { if (e.persisted) sync(); });
  }
  document.addEventListener("click", function (e) {
    var t = e.target.closest("button,a");
    if (!t) return;
    if (t.matches("[data-extend]")) { e.preventDefault(); more(t); }
    if (t.matches("[data-more]")) { var b = box().querySelector("[data-extend]"); if (b) more(b); else last.close(); }
    if (t.matches("[data-print]")) window.print();
    var ask = document.getElementById("cancel-ask");
    if (t.matches("[data-keep]") && t.closest("dialog")) { e.preventDefault(); ask.close(); }
    if (t.dataset.cancel && ask && ask.showModal) {
      e.preventDefault();
      fetch(t.dataset.cancel + "?part=ask", { credentials: "same-origin" }).then(function (r) { if (!r.ok) throw 0; return r.text(); }).then(function (html) {
        ask.replaceChildren.apply(ask, new DOMParser().parseFromString(html, "text/html").body.childNodes);
        ask.setAttribute("aria-labelledby", "cancel-title");
        ask.showModal();
      }).catch(function () { location.href = t.href; });
    }
  });
  document.querySelectorAll("[data-print]").forEach(function (b) { b.hidden = false; });
  if (document.querySelector("[data-awake]") && navigator.wakeLock) navigator.wakeLock.request("screen").catch(function () {});
})();

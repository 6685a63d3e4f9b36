/* Free times stay fresh: the server says that something changed, the part is fetched anew, focus and place stay. */
(function () {
  var box = document.getElementById("times");
  if (!box || !window.EventSource) return;
  var say = document.getElementById("times-say"), wait = 0, source;
  function slot(el) { return el && el.closest && el.closest("#times .slot"); }
  function stops() { return [...box.querySelectorAll("a,button")]; }
  function words(el) { return el.querySelector("b").textContent + " " + el.lastElementChild.textContent; }
  function fresh() {
    wait = 0;
    fetch(box.dataset.part, { credentials: "same-origin" }).then(function (r) { return r.ok ? r.text() : ""; }).then(function (html) {
      if (!html) return;
      var next = new DOMParser().parseFromString(html, "text/html").getElementById("times");
      if (!next) return;
      var on = document.activeElement, inside = box.contains(on), at = stops().indexOf(on), was = slot(on) && words(on);
      box.replaceWith(next);
      box = next;
      if (!inside) return;
      var el = on.id ? document.getElementById(on.id) : stops()[at];
      if (!el) return;
      if (!el.matches("a,button,h2")) el.tabIndex = -1;
      el.focus({ preventScroll: true });
      if (was && words(el) !== was) say.textContent = words(el);
    }, function () {});
  }
  function changed() { if (!wait) wait = setTimeout(fresh, Math.random() * 2000); }
  function off(yes) { var p = document.getElementById("times-off"); if (p) p.hidden = !yes; }
  function listen() {
    var lost = false;
    source = new EventSource(box.dataset.live);
    source.addEventListener("availability", changed);
    source.onopen = function () { if (lost) fresh(); lost = false; off(false); };
    source.onerror = function () { lost = true; off(true); if (source.readyState === 2) { source.close(); setTimeout(listen, 5000); } };
  }
  listen();
  window.addEventListener("pageshow", function (e) { if (e.persisted) fresh(); });
  window.addEventListener("pagehide", function () { source.close(); });
  window.addEventListener("pageshow", function (e) { if (e.persisted) listen(); });
})();

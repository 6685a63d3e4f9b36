"use strict";
/* Frame: one press is one press; the menu closes as menus do. Everything works without this. */
(function () {
  document.addEventListener("submit", function (e) {
    var form = e.target;
    if (form.dataset.sent) { e.preventDefault(); return; }
    if (form.method !== "post" || e.defaultPrevented) return;
    form.dataset.sent = "1";
    var button = e.submitter;
    if (button) setTimeout(function () { button.setAttribute("aria-disabled", "true"); }, 0);
  });
  // Back out of the browser's cache: the page may be pressed again.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (f) { delete f.dataset.sent; });
    document.querySelectorAll("[aria-disabled=true].btn").forEach(function (b) { b.removeAttribute("aria-disabled"); });
  });
  var menu = document.querySelector("details.menu");
  if (!menu) return;
  document.addEventListener("click", function (e) { if (menu.open && !menu.contains(e.target)) menu.open = false; });
  document.addEventListener("keydown", function (e) {
    if (e.key === "Escape" && menu.open) { menu.open = false; menu.querySelector("summary").focus(); }
  });
})();

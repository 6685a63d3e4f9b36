/* Counts what is left of a text as it is written. */
(function () {
  document.querySelectorAll("textarea[data-count]").forEach(function (area) {
    var left = document.getElementById(area.dataset.count);
    if (!left) return;
    function show() { left.textContent = left.dataset.left.replace("{0}", area.maxLength - Array.from(area.value).length); }
    area.addEventListener("input", show);
    show();
  });

  /* Hides what is not asked of who answered like that; the server judges it again. */
  var asked = document.querySelectorAll("[data-if]");
  function judge() {
    asked.forEach(function (q) {
      var values = q.dataset.values.split(" ");
      delete q.dataset.off;
      q.hidden = !Array.from(document.getElementsByName(q.dataset.if)).some(function (i) { return i.checked && !i.closest("[hidden]") && values.includes(i.value); });
    });
  }
  document.addEventListener("change", judge);
  judge();
})();

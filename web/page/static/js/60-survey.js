/* Counts what is left of a text as it is written. */
(function () {
  document.querySelectorAll("textarea[data-count]").forEach(function (area) {
    var left = document.getElementById(area.dataset.count);
    if (!left) return;
    function show() { left.textContent = left.dataset.left.replace("{0}", area.maxLength - Array.from(area.value).length); }
    area.addEventListener("input", show);
    show();
  });
})();

/* Small, optional help. Every page works without this file. */
(function () {
  var d = document;
  d.documentElement.classList.add("js");
  d.addEventListener("change", function (e) {
    if (e.target.matches("[data-autosubmit]")) e.target.form.requestSubmit();
  });
  d.addEventListener("click", function (e) {
    var b = e.target.closest("[data-print]");
    if (b) {
      e.preventDefault();
      window.print();
    }
  });
  d.addEventListener("keydown", function (e) {
    if (e.key !== "Escape") return;
    var menu = d.querySelector("details.burger[open]");
    if (menu) {
      menu.open = false;
      menu.firstElementChild.focus();
    }
  });
})();

/* Small, optional help. Every page works without this file. */
(function () {
  var d = document;
  d.documentElement.classList.add("js");
  d.addEventListener("change", function (e) {
    if (e.target.matches("[data-autosubmit]")) e.target.form.requestSubmit();
  });
  // A form that is being sent is not sent once more by a second press, however long it takes;
  // it is free again when the page is shown again or the sending is stopped by Escape.
  d.addEventListener("submit", function (e) {
    var form = e.target;
    if (e.defaultPrevented || form.getAttribute("method") !== "post") return;
    if (form.dataset.sent) {
      e.preventDefault();
      return;
    }
    form.dataset.sent = "1";
  });
  function free() {
    d.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
    });
  }
  window.addEventListener("pageshow", free);
  d.addEventListener("click", function (e) {
    var b = e.target.closest("[data-print]");
    if (b) {
      e.preventDefault();
      window.print();
    }
  });
  d.addEventListener("keydown", function (e) {
    if (e.key !== "Escape") return;
    free();
    var menu = d.querySelector("details.burger[open]");
    if (menu) {
      menu.open = false;
      menu.firstElementChild.focus();
    }
  });
})();

/* Keeps what is being typed as a draft. Never writes to the register; works on [data-autosave]. */
(function () {
  var form = document.querySelector("form[data-autosave]");
  if (!form || !window.fetch) return;
  var said = form.querySelector("[data-saved]");
  var timer = 0;
  var isSending = false;
  var isLeaving = false;

  function later() {
    window.clearTimeout(timer);
    if (!isLeaving) timer = window.setTimeout(keep, 1200);
  }

  function keep() {
    if (isSending) return later();
    isSending = true;
    var data = new FormData(form);
    data.append("autosave", "1");
    fetch(form.getAttribute("action") || window.location.href, {
      method: "POST",
      body: data,
      credentials: "same-origin",
      redirect: "error"
    })
      .then(function (answer) {
        if (!answer.ok && answer.status !== 409) throw new Error(String(answer.status));
        return answer.json(); // 409 says in words why it was not kept
      })
      .then(function (answer) {
        said.textContent = answer.said;
        if (form.dataset.autosave === "fixed" || !answer.url) return;
        // A new record gets its own address with its first draft; so does one whose draft is gone.
        if (form.getAttribute("action") !== answer.url) {
          form.setAttribute("action", answer.url);
          window.history.replaceState(null, "", answer.url);
        }
      })
      .catch(function () {
        said.textContent = form.dataset.failed;
      })
      .then(function () {
        isSending = false;
      });
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  window.addEventListener("pageshow", function () {
    isLeaving = false; // back by the button of the browser
  });
  form.addEventListener("submit", function () {
    isLeaving = true;
    window.clearTimeout(timer);
  });
})();

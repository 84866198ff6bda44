// What the page does beyond htmx: keep opened details open while the answer changes, mark wrong fields, copy, go to a field.
(function () {
  "use strict";

  function opened(root) {
    return Array.from(root.querySelectorAll("details[open] > summary"), (summary) => summary.textContent.trim());
  }

  let open = [];
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.target && event.detail.target.id === "answer") open = opened(event.detail.target);
    if (event.detail.xhr.status >= 400) event.detail.shouldSwap = false;
  });

  document.addEventListener("htmx:afterSettle", function () {
    const answer = document.getElementById("answer");
    if (answer) {
      for (const summary of answer.querySelectorAll("details > summary")) {
        if (open.includes(summary.textContent.trim())) summary.parentElement.open = true;
      }
    }
    for (const input of document.querySelectorAll("[aria-describedby^='note-']")) {
      const note = document.getElementById(input.getAttribute("aria-describedby"));
      const isWrong = note && note.querySelector(".problem") && (input.id.endsWith("-value") || !/-[0-9]+$/.test(note.id));
      if (isWrong) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  });

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const text = document.getElementById(button.dataset.copy).textContent;
    navigator.clipboard.writeText(text).then(function () {
      button.textContent = button.dataset.done;
    });
  });
})();

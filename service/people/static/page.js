// What the page does beyond htmx: keep opened details open while the answer changes, mark wrong fields, copy, print.
(function () {
  "use strict";

  function titles(root) {
    return Array.from(root.querySelectorAll("details[open] > summary"), (summary) => summary.textContent.trim());
  }

  function offer() {
    for (const button of document.querySelectorAll("[data-copy], [data-print]")) button.hidden = false;
  }

  function markWrongFields() {
    for (const input of document.querySelectorAll("#patient [aria-describedby^='note-']")) {
      const note = document.getElementById(input.getAttribute("aria-describedby"));
      const isNamed = input.id.endsWith("-value") || note.id === "note-" + input.id;
      if (isNamed && note.querySelector(".problem")) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  }

  let open = [];
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.target.id === "answer") open = titles(event.detail.target);
  });

  document.addEventListener("htmx:afterSettle", function () {
    for (const summary of document.querySelectorAll("#answer details > summary")) {
      if (open.includes(summary.textContent.trim())) summary.parentElement.open = true;
    }
    markWrongFields();
    offer();
  });

  // A page that is left aborts what it still asked for, which is no error.
  let running;
  document.addEventListener("htmx:beforeSend", function (event) {
    running = event.detail.xhr;
  });
  document.addEventListener("submit", function () {
    if (running) running.onabort = running.onerror = null;
  }, true);

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-copy], [data-print]");
    if (!button) return;
    if ("print" in button.dataset) {
      window.print();
      return;
    }
    navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent).then(function () {
      button.textContent = button.dataset.done;
    });
  });

  document.addEventListener("DOMContentLoaded", offer);
  offer();
})();

// What every answer can do on a page of our own: copy itself, be rated, and say why.
"use strict";

(() => {
  const words = () => document.getElementById("page-words").dataset;

  async function copy(button) {
    const text = document.getElementById(button.dataset.copy).textContent;
    const status = button.closest(".answer").querySelector(".rated");
    try {
      await navigator.clipboard.writeText(text);
      status.textContent = words().copied;
    } catch {
      status.textContent = words().copyFailed;
    }
  }

  async function rate(answer, helpful, reason) {
    const body = {
      answer: answer.dataset.answer,
      question: answer.closest(".turn").querySelector(".question").textContent,
      helpful,
      reason,
      status: answer.dataset.status,
      corpus_version: answer.dataset.corpus,
    };
    let kept = false;
    try {
      const response = await fetch("/api/feedback", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      kept = response.ok;
    } catch {
      kept = false;
    }
    answer.querySelector(".rated").textContent = kept ? words().noted : words().notNoted;
    return kept;
  }

  function thumb(button) {
    const answer = button.closest(".answer");
    const helpful = button.dataset.rate === "yes";
    for (const other of answer.querySelectorAll("[data-rate]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    const form = answer.querySelector(".reason");
    form.hidden = helpful;
    rate(answer, helpful, "");
    if (!helpful) {
      form.querySelector("textarea").focus();
    }
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest(".reason");
    if (form) {
      event.preventDefault();
      const answer = form.closest(".answer");
      if (await rate(answer, false, form.querySelector("textarea").value)) {
        form.hidden = true;
        answer.querySelector('[data-rate="no"]').focus();
      }
    }
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-rate]");
    if (button?.dataset.copy) {
      copy(button);
    } else if (button) {
      thumb(button);
    }
  });
})();

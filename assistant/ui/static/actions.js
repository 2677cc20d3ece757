// What can be done with an answer: copy, link, save, print, rate, send to a person. For the chat page and the widget.
"use strict";

(() => {
  const words = () => document.getElementById("page-words").dataset;
  const turns = () => [...document.querySelectorAll(".answer[data-sealed]")];

  async function post(path, body) {
    try {
      const response = await fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      return response.ok ? await response.json() : null;
    } catch {
      return null;
    }
  }

  // Copying, linking, saving

  async function copied(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  }

  async function copy(button) {
    const done = await copied(document.getElementById(button.dataset.copy).textContent);
    button.closest(".answer").querySelector(".rated").textContent = done ? words().copied : words().copyFailed;
  }

  const links = new Map(); // of this page, by the answer as the server sealed it: answers are drawn anew

  async function link(answer) {
    const status = answer.querySelector(".rated");
    if (!links.has(answer.dataset.sealed)) {
      const made = await post("/api/answers", { answer: answer.dataset.sealed });
      if (!made) {
        status.textContent = words().notNoted;
        return;
      }
      links.set(answer.dataset.sealed, new URL(made.path, location.href).href);
    }
    const address = document.createElement("a");
    address.href = address.textContent = links.get(answer.dataset.sealed);
    address.target = "_blank";
    address.rel = "noopener";
    const done = await copied(address.href);
    status.replaceChildren(done ? words().linked : words().made, " ", address);
    offerUnlinking();
  }

  function offerUnlinking() {
    for (const answer of turns()) {
      answer.querySelector("[data-unlink]").hidden = !links.has(answer.dataset.sealed);
    }
  }

  document.addEventListener("answered", offerUnlinking);

  async function unlink(answer, button) {
    const gone = await post("/api/answers/delete", { answer: answer.dataset.sealed });
    answer.querySelector(".rated").textContent = gone ? words().unlinked : words().notNoted;
    if (gone) {
      links.delete(answer.dataset.sealed);
      answer.querySelector("button[data-link]").focus();
      button.hidden = true;
    }
  }

  function download(button) {
    const text = document.getElementById(button.dataset.markdown).textContent;
    const file = document.createElement("a");
    file.href = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
    file.download = button.dataset.name;
    file.click();
    setTimeout(() => URL.revokeObjectURL(file.href), 1000);
  }

  // Rating

  let rating = Promise.resolve(); // one after the other, so that a reason comes after its thumb

  function rate(answer, helpful, reason) {
    const body = {
      answer: answer.dataset.answer,
      question: answer.closest(".turn").querySelector(".question").textContent,
      helpful,
      reason,
      status: answer.dataset.status,
      corpus_version: answer.dataset.corpus,
    };
    rating = rating.then(async () => {
      const kept = await post("/api/feedback", body);
      answer.querySelector(".rated").textContent = kept ? words().noted : words().notNoted;
      return kept;
    });
    return rating;
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

  // Dialogs: who opened one gets the focus back

  let about = null; // the answer that a dialog is about
  let opener = null;

  function openDialog(button) {
    const dialog = document.getElementById(button.dataset.dialog);
    about = button.closest(".answer");
    opener = button;
    const status = dialog.querySelector("[role=status]");
    status.textContent = "";
    for (const part of dialog.querySelectorAll("form > :not([role=status])")) {
      part.hidden = false;
    }
    dialog.dispatchEvent(new CustomEvent("opening"));
    const mail = dialog.querySelector("[data-mail]");
    if (mail) {
      mail.href = draft(mail.dataset.mail);
    }
    dialog.showModal();
  }

  const MOST_IN_MAIL = 1500; // characters that mail programs still take over from a link

  function draft(address) {
    const question = about.closest(".turn").querySelector(".question").textContent;
    const text = about.querySelector("[data-copy] + pre").textContent;
    const body = text.length > MOST_IN_MAIL ? `${text.slice(0, MOST_IN_MAIL)} …` : text;
    return `${address}?subject=${encodeURIComponent(question.slice(0, 150))}&body=${encodeURIComponent(`\n\n${body}`)}`;
  }

  const MOST_TOGETHER = 200000; // characters of answers in one request

  function conversation() {
    const sealed = turns().map((answer) => answer.dataset.sealed).slice(-20);
    while (sealed.length > 1 && sealed.join("").length > MOST_TOGETHER) {
      sealed.shift();
    }
    return sealed;
  }

  async function send(form) {
    const status = form.querySelector("[role=status]");
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    const kept = await post("/api/requests", {
      kind: form.dataset.kind,
      text: form.elements.text.value,
      email: form.elements.email.value,
      language: document.documentElement.lang,
      answers: form.dataset.kind === "report" ? [about.dataset.sealed] : conversation(),
    });
    button.disabled = false;
    status.textContent = kept ? status.dataset.sent : status.dataset.notSent;
    if (kept) {
      form.reset();
      for (const part of form.querySelectorAll(":scope > :not([role=status])")) {
        part.hidden = true;
      }
      form.closest("dialog").querySelector("[data-dismiss]").focus();
    } else {
      button.focus();
    }
  }

  for (const dialog of document.querySelectorAll("dialog.form-dialog")) {
    dialog.addEventListener("close", () => {
      if (opener && opener.isConnected && opener.checkVisibility()) {
        opener.focus();
      }
      opener = null;
    });
  }

  document.addEventListener("submit", async (event) => {
    const reason = event.target.closest(".reason");
    const form = event.target.closest("form[data-kind]");
    if (form) {
      event.preventDefault();
      send(form);
    } else if (reason) {
      event.preventDefault();
      const answer = reason.closest(".answer");
      if (await rate(answer, false, reason.querySelector("textarea").value)) {
        reason.hidden = true;
        answer.querySelector('[data-rate="no"]').focus();
      }
    }
  });

  document.addEventListener("click", (event) => {
    const found = (selector) => event.target instanceof Element && event.target.closest(selector);
    if (found("[data-copy]")) {
      copy(found("[data-copy]"));
    } else if (found("[data-link]:is(button)")) {
      link(found(".answer"));
    } else if (found("[data-unlink]")) {
      unlink(found(".answer"), found("[data-unlink]"));
    } else if (found("[data-markdown]")) {
      download(found("[data-markdown]"));
    } else if (found("[data-print]")) {
      window.print();
    } else if (found("[data-rate]")) {
      thumb(found("[data-rate]"));
    } else if (found("[data-dialog]")) {
      openDialog(found("[data-dialog]"));
    } else if (found("[data-dismiss]")) {
      found("dialog").close();
    }
  });
})();

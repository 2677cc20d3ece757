// The conversations that this browser keeps, if the visitor chose so: in localStorage, sent nowhere.
// An answer is kept as the server sealed it; the server opens it again for whoever hands it back.
"use strict";

(() => {
  const KEY = "conversations";
  const MOST = 50; // conversations
  const dialog = document.getElementById("history");
  let current = Date.now(); // the conversation on the page, by when it began

  function read() {
    try {
      return JSON.parse(localStorage.getItem(KEY));
    } catch {
      return null;
    }
  }

  function write(kept) {
    const fitting = kept.slice(0, MOST);
    while (fitting.length) {
      try {
        localStorage.setItem(KEY, JSON.stringify(fitting));
        return;
      } catch {
        fitting.pop(); // there is no room: the oldest goes
      }
    }
    localStorage.setItem(KEY, "[]");
  }

  // What is on the page now

  function shown() {
    return [...document.querySelectorAll(".turn .answer[data-sealed]")].map((answer) => ({
      question: answer.closest(".turn").querySelector(".question").textContent,
      sealed: answer.dataset.sealed,
    }));
  }

  function keep() {
    const kept = read();
    const turns = shown();
    if (kept && turns.length) {
      write([{ at: current, turns }, ...kept.filter((one) => one.at !== current)]);
    }
  }

  document.addEventListener("answered", keep);

  // The dialog

  function draw() {
    const kept = read();
    for (const part of dialog.querySelectorAll("[data-when]")) {
      part.hidden = (part.dataset.when === "on") !== Boolean(kept);
    }
    dialog.querySelector(".empty").hidden = Boolean(kept && kept.length);
    const template = dialog.querySelector("template");
    const language = document.documentElement.lang;
    const locale = navigator.languages.find((own) => own.startsWith(language)) || language;
    dialog.querySelector("ul").replaceChildren(
      ...(kept || []).map((one) => {
        const item = template.content.firstElementChild.cloneNode(true);
        const [open, remove] = item.querySelectorAll("button");
        const day = new Date(one.at).toLocaleDateString(locale, { dateStyle: "medium" });
        open.textContent = `${one.turns[0].question} · ${day}`;
        open.dataset.historyOpen = remove.dataset.historyDelete = one.at;
        remove.setAttribute("aria-label", remove.getAttribute("aria-label").replace("{question}", one.turns[0].question));
        return item;
      }),
    );
  }

  function say(text) {
    dialog.querySelector("[role=status]").textContent = text;
    dialog.querySelector("h2").focus();
  }

  function reopen(at) {
    const one = (read() || []).find((kept) => kept.at === at);
    if (one) {
      current = at;
      dialog.close();
      document.dispatchEvent(new CustomEvent("reopen", { detail: one.turns.map((turn) => turn.sealed) }));
    }
  }

  dialog.addEventListener("opening", draw);

  dialog.addEventListener("click", (event) => {
    const found = (selector) => event.target.closest(selector);
    const deleted = dialog.querySelector("[data-deleted]").dataset.deleted;
    if (found("[data-history-keep]")) {
      write([]);
      keep();
      draw();
      say("");
    } else if (found("[data-history-end]")) {
      localStorage.removeItem(KEY);
      draw();
      say(deleted);
    } else if (found("[data-history-delete]")) {
      const at = Number(found("[data-history-delete]").dataset.historyDelete);
      write(read().filter((one) => one.at !== at));
      current = at === current ? Date.now() : current;
      draw();
      say(deleted);
    } else if (found("[data-history-open]")) {
      reopen(Number(found("[data-history-open]").dataset.historyOpen));
    }
  });
})();

// The conversations that this browser keeps, if the visitor chose so: in localStorage, sent nowhere.
// An answer is kept as the server sealed it; the server opens it again for whoever hands it back.
"use strict";

(() => {
  const KEY = "conversations";
  const MOST = 50; // conversations
  const dialog = document.getElementById("history");
  // The conversation on the page: when it began, and which of its answers were kept, and which were deleted after that.
  let own = { at: Date.now(), kept: [], deleted: [] };

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

  const marks = (turns) => turns.map((turn) => turn.sealed.slice(turn.sealed.lastIndexOf(".") + 1)); // their signatures

  function begin(deleted) {
    own = { at: Date.now(), kept: [], deleted };
  }

  // Whether `turns` of the page go on from what is kept of their conversation: neither did another window go on with it,
  // nor are they another's, as after the service forgot it. The page shows the last turns only.
  function goOn(before, turns) {
    const had = marks(before);
    return had.join() === own.kept.join() && (had.length === 1 || had.includes(marks(turns)[0]));
  }

  function keep() {
    const kept = read();
    let before = kept?.find((one) => one.at === own.at)?.turns ?? [];
    if (own.kept.length && !before.length) {
      begin([...own.deleted, ...own.kept]); // it was deleted, here or in another window
    }
    const turns = shown().filter((turn) => !own.deleted.includes(marks([turn])[0]));
    if (!kept || !turns.length) {
      return;
    }
    if (before.length && !goOn(before, turns)) {
      begin(own.deleted); // both are kept
      before = [];
    }
    const since = marks(before).indexOf(marks(turns)[0]);
    const whole = [...before.slice(0, Math.max(0, since)), ...turns];
    write([{ at: own.at, turns: whole }, ...kept.filter((one) => one.at !== own.at)]);
    own.kept = marks(whole);
  }

  document.addEventListener("answered", (event) => {
    own = event.detail?.own ?? own; // another conversation was opened
    keep();
    allowOpening();
  });

  document.addEventListener("carry", (event) => {
    event.detail.own = own;
  });

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
    allowOpening();
  }

  // An answer on its way belongs to the conversation on the page.
  function allowOpening() {
    const working = document.querySelector('.turn[data-state="working"]');
    for (const open of dialog.querySelectorAll("[data-history-open]")) {
      open.disabled = Boolean(working);
    }
  }

  function say(text) {
    dialog.querySelector("[role=status]").textContent = text;
    dialog.querySelector("h2").focus();
  }

  function reopen(at) {
    const one = (read() || []).find((kept) => kept.at === at);
    if (one) {
      dialog.close();
      const sealed = one.turns.map((turn) => turn.sealed);
      const detail = { sealed, own: { at, kept: marks(one.turns), deleted: [] } };
      document.dispatchEvent(new CustomEvent("reopen", { detail }));
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
      write((read() || []).filter((one) => one.at !== at));
      draw();
      say(deleted);
    } else if (found("[data-history-open]")) {
      reopen(Number(found("[data-history-open]").dataset.historyOpen));
    }
  });
})();

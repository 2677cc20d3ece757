// The chat page: questions behind buttons, focus and announcements, a lost connection, the language.
// Answers arrive as HTML made by the server; nothing here builds markup from text.
"use strict";

(() => {
  // Where a browser blocks it, nothing is remembered.
  function storage(name) {
    try {
      return window[name];
    } catch {
      return null;
    }
  }

  function remember(name, key, value) {
    try {
      window[name].setItem(key, value);
      return true;
    } catch {
      return false; // blocked, or full
    }
  }

  // Questions behind buttons

  function setValue(selector, value) {
    const field = document.querySelector(selector);
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(field, value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return field;
  }

  function typed() {
    return document.querySelector("#question textarea")?.value ?? "";
  }

  // What is typed, unless it is the question itself
  function typedBeside(question) {
    return typed() === question ? "" : typed();
  }

  // The question that is being answered
  function working() {
    return document.querySelector('.turn[data-state="working"]');
  }

  let draft = ""; // what stood in the field when a button asked something else

  function ask(question) {
    draft = typedBeside(question);
    setValue("#question textarea", question);
    requestAnimationFrame(() => document.getElementById("ask").click());
  }

  // Announcements and focus

  const PATIENCE = 800; // ms of work before its steps are announced
  let hearing = 0;

  function announce(text, after = 0) {
    clearTimeout(hearing);
    const region = document.getElementById("announcer");
    region.textContent = "";
    hearing = setTimeout(() => {
      region.textContent = text;
    }, after);
  }

  let led = null; // the heading that was given the focus
  let reopening = null; // answers that were given before, while they are fetched again

  function lead(heading) {
    heading.focus({ preventScroll: true });
    led = heading;
  }

  function follow(turn, isNew) {
    const { state } = turn.dataset;
    announce(turn.dataset.heard, state === "working" ? PATIENCE : 0);
    const heading = turn.querySelector(".question");
    const active = document.activeElement;
    const typing = active && active.matches("#question textarea");
    // A starter that was just hidden keeps the focus until the next frame.
    const gone = !active || active === document.body || !active.checkVisibility();
    const lost = gone || active.id === "stop" || active.id === "ask";
    const touch = window.matchMedia("(pointer: coarse)").matches;
    if (state === "problem") {
      giveBack(turn);
    } else {
      takeAway();
    }
    if (state === "done") {
      replace("");
      storage("sessionStorage")?.removeItem("carried");
      document.dispatchEvent(new CustomEvent("answered", { detail: reopening }));
    }
    if (state !== "working" && (lost || reopening || (typing && touch))) {
      lead(heading);
    }
    if (reopening) {
      goOn(reopening, state === "done");
    }
    reopening = null;
    // What was short when it was asked is longer now; who went elsewhere meanwhile is left there.
    const at = heading.getBoundingClientRect().top;
    if (isNew || (state === "done" && at > 0 && at < window.innerHeight)) {
      heading.scrollIntoView({ block: "start" });
    }
  }

  // What tells a turn that came from the one that was there
  function signature(count, turn) {
    const { answer } = turn.querySelector(".answer")?.dataset ?? {};
    const { problem } = turn.querySelector("[data-problem]")?.dataset ?? {};
    return [count, turn.dataset.state, turn.dataset.heard, answer, problem].join(" ");
  }

  let asked = ""; // what was sent

  // A question that is heard leaves the field to what stood there before, unless something else is typed by then.
  function takeAway() {
    if (asked && typed() === asked) {
      setValue("#question textarea", draft);
    }
    asked = draft = "";
  }

  // A question that has no answer goes back into the field, unless something else is typed there.
  function giveBack(turn) {
    asked = "";
    const again = turn.querySelector("[data-problem] [data-ask]");
    if (again && !typed()) {
      setValue("#question textarea", again.dataset.ask);
    }
  }

  function watch(conversation) {
    let last = "";
    let count = 0;
    let given = []; // the answers on the page
    let lost = []; // those that went because the server had forgotten the conversation
    new MutationObserver(() => {
      const turns = conversation.querySelectorAll(".turn");
      const turn = turns[turns.length - 1];
      const now = turn ? signature(turns.length, turn) : "";
      if (turn && now !== last) {
        settle();
        const replacing = document.querySelector("#replaces textarea").value ? 1 : 0;
        const shown = sealedAnswers();
        if (!reopening && given.length - shown.length > replacing) {
          lost = given.slice(0, given.length - replacing);
        }
        given = shown;
        if (lost.length && turn.dataset.state === "done") {
          reopen(withHistory([...lost, ...given]));
          lost = [];
        } else {
          follow(turn, turns.length !== count);
        }
      } else if (turn && led && !led.isConnected && document.activeElement === document.body) {
        lead(turn.querySelector(".question")); // the same turn was drawn anew
      }
      last = now;
      count = turns.length;
    }).observe(conversation, { childList: true, subtree: true });
  }

  // A lost connection: said where the answer would have been

  const UNHEARD = 5000; // ms after which what nothing came back for counts as not sent
  let pending = 0;

  function listen() {
    clearTimeout(pending);
    pending = setTimeout(trouble, UNHEARD);
  }

  // Whether nothing can be asked just now; if so, says why.
  function held() {
    const lost = document.querySelector("#talk [data-reload]");
    if (lost) {
      lost.focus();
    } else if (pending || working()) {
      announce(document.getElementById("announcer").dataset.held);
    } else {
      return false;
    }
    return true;
  }

  // Hears of a question before Gradio does: what cannot be asked stays in the field.
  function send(event) {
    if (held() || !typed().trim()) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else {
      asked = typed();
      listen();
    }
  }

  function settle() {
    clearTimeout(pending);
    pending = 0;
    document.querySelector("#talk > .trouble")?.remove();
  }

  function trouble() {
    const turn = working();
    if (!turn && !pending && !reopening) {
      return;
    }
    settle();
    const said = document.getElementById("no-connection").content.firstElementChild.cloneNode(true);
    const button = said.querySelector("[data-reload]");
    if (turn) {
      button.dataset.reload = turn.querySelector(".question").textContent;
      turn.dataset.state = "problem";
      turn.querySelector(".steps").replaceWith(said);
    } else {
      button.dataset.reload = asked;
      said.classList.add("trouble");
      document.getElementById("ask-row").before(said);
    }
    announce(said.querySelector("p").textContent);
  }

  async function reload(button) {
    const status = button.closest(".problem").querySelector("[data-still]");
    status.textContent = "";
    try {
      await fetch("/healthz", { cache: "no-store" });
    } catch {
      status.textContent = status.dataset.still;
      return;
    }
    const sent = button.dataset.reload;
    if (carry(sent || typed(), Boolean(sent))) {
      location.reload();
    }
  }

  // What is carried over a reload: the answers on the page, and a question that has none yet

  function waiting() {
    return JSON.parse(storage("sessionStorage")?.getItem("carried") ?? "null");
  }

  function sealedAnswers() {
    return [...document.querySelectorAll(".answer[data-sealed]")].map((answer) => answer.dataset.sealed);
  }

  // `sealed`, with what the history knows of the conversation
  function withHistory(sealed) {
    const carried = { sealed };
    document.dispatchEvent(new CustomEvent("carry", { detail: carried }));
    return carried;
  }

  function carry(question, asked) {
    const draft = asked ? typedBeside(question) : "";
    const sealed = sealedAnswers();
    const unopened = sealed.length ? null : waiting();
    const carried = unopened ?? withHistory(sealed);
    const kept = remember("sessionStorage", "carried", JSON.stringify({ ...carried, question, asked, draft }));
    const lost = !kept && (sealed.length || question);
    return !lost || confirm(document.getElementById("no-connection").dataset.notCarried);
  }

  function carryOn() {
    const carried = waiting();
    if (carried?.sealed.length) {
      reopen(carried);
    } else if (carried) {
      storage("sessionStorage").removeItem("carried");
      goOn(carried, true);
    }
  }

  // What is typed by now stays.
  function goOn({ question, asked, draft }, opened) {
    if (question && asked && opened) {
      if (draft && !typed()) {
        setValue("#question textarea", draft);
      }
      ask(question);
    } else if (question && !typed()) {
      setValue("#question textarea", question);
    }
  }

  // What goes with a question: which answer it takes the place of, or answers that were kept

  const editing = document.getElementById("editing");

  function replace(answer) {
    setValue("#replaces textarea", answer);
    editing.hidden = !answer;
    if (answer) {
      document.getElementById("ask-row").before(editing);
    }
  }

  function edit(button) {
    const question = button.closest(".turn").querySelector(".question").textContent;
    replace(button.dataset.edit);
    const field = setValue("#question textarea", question);
    field.focus();
    field.select();
  }

  function repeat(button) {
    replace(button.dataset.repeat);
    ask(button.closest(".turn").querySelector(".question").textContent);
  }

  function keepLast() {
    replace("");
    setValue("#question textarea", "").focus();
  }

  function reopen(carried) {
    reopening = carried;
    listen();
    setValue("#kept textarea", JSON.stringify(carried.sealed));
    requestAnimationFrame(() => document.getElementById("reopen").click());
  }

  let early = null; // what is to be opened before Gradio is there

  document.addEventListener("reopen", (event) => {
    if (ready()) {
      reopen(event.detail);
    } else {
      early = event.detail;
    }
  });

  // The language: in the address, and remembered where one was chosen

  const language = document.documentElement.lang;

  // Gradio names the browser's language there, which the page may not be in.
  new MutationObserver(() => {
    if (document.documentElement.lang !== language) {
      document.documentElement.lang = language;
    }
  }).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });

  function choose(link, event) {
    const question = working()?.querySelector(".question").textContent;
    if (carry(question ?? typed(), question !== undefined)) {
      remember("localStorage", "language", link.dataset.language);
    } else {
      event.preventDefault();
    }
  }

  function speakAsChosen() {
    const chosen = storage("localStorage")?.getItem("language");
    const offered = [...document.querySelectorAll("[data-language]")].map((link) => link.dataset.language);
    const asked = new URL(location.href).searchParams.has("language");
    if (!asked && offered.includes(chosen) && chosen !== language) {
      location.replace(`?language=${chosen}`);
    }
  }

  // Clicks and keys

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!target || !plain) {
      return;
    }
    const found = (selector) => target.closest(selector);
    if (found("[data-ask], [data-edit], [data-repeat]") && held()) {
      return;
    }
    if (found("[data-ask]")) {
      ask(found("[data-ask]").dataset.ask);
    } else if (found("[data-reload]")) {
      reload(found("[data-reload]"));
    } else if (found("[data-edit]")) {
      edit(found("[data-edit]"));
    } else if (found("[data-repeat]")) {
      repeat(found("[data-repeat]"));
    } else if (found("[data-keep-last]")) {
      keepLast();
    } else if (found("[data-language]")) {
      choose(found("[data-language]"), event);
    }
  });

  // Before Gradio hears of them

  document.addEventListener(
    "click",
    (event) => {
      if (event.target.closest?.("#ask")) {
        send(event);
      } else if (event.target.closest?.("#stop")) {
        listen();
      }
    },
    true,
  );

  // An Enter that ends a composition is no keypress.
  document.addEventListener(
    "keypress",
    (event) => {
      if (event.key === "Enter" && !event.shiftKey && event.target.matches?.("#question textarea")) {
        send(event);
      }
    },
    true,
  );

  function ready() {
    return Boolean(document.querySelector("#kept textarea") && document.getElementById("ask"));
  }

  function start() {
    let watched = null;
    let told = null;
    let started = false;
    const arriving = new MutationObserver(() => {
      // Gradio's type for Markdown does not fit our own markup.
      for (const prose of document.querySelectorAll(".prose")) {
        prose.classList.remove("prose");
      }
      const toast = document.querySelector("[data-testid=toast-body].error");
      if (toast && toast !== told) {
        trouble();
      }
      told = toast;
      const conversation = document.getElementById("conversation");
      if (conversation && conversation !== watched) {
        watched = conversation;
        watch(conversation);
      }
      if (!started && ready()) {
        started = true;
        if (early) {
          reopen({ question: waiting()?.question, ...early });
        } else {
          carryOn();
        }
      }
    });
    arriving.observe(document.body, { childList: true, subtree: true });
  }

  speakAsChosen();
  start();
})();

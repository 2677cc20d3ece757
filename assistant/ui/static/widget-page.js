// The page inside the widget's frame. Turns arrive as HTML made by the server; the conversation is kept here alone.
"use strict";

(() => {
  const page = document.body;
  const conversation = document.getElementById("conversation");
  const form = document.getElementById("ask-row");
  const field = document.getElementById("question");
  const stop = document.getElementById("stop");
  const send = document.getElementById("ask");
  const MOST_SENT = 200_000; // bytes of a question with its history; the server takes 256 KiB
  const MOST_TURNS = 40;
  const coarse = matchMedia("(pointer: coarse)");
  const history = [];
  let token = page.dataset.token;
  let asking = null;

  const copyOf = (id) => document.getElementById(id).content.cloneNode(true);

  // Announcements and focus

  const PATIENCE = 800; // ms of work before its steps are announced
  let hearing = 0;

  function announce(text, after) {
    const region = document.getElementById("announcer");
    clearTimeout(hearing);
    region.textContent = "";
    hearing = setTimeout(() => {
      region.textContent = text;
    }, after);
  }

  // Turns

  function show(turn) {
    const last = conversation.querySelector('.turn:last-child:not([data-state="done"])');
    const held = last?.contains(document.activeElement);
    for (const link of turn.querySelectorAll("a:not([target], .cite[aria-describedby])")) {
      outward(link);
    }
    if (last) {
      last.replaceWith(turn);
    } else {
      conversation.append(turn);
      turn.scrollIntoView({ block: "start" });
    }
    const working = turn.dataset.state === "working";
    announce(turn.dataset.heard, working ? PATIENCE : 0);
    send.hidden = working;
    stop.hidden = !working;
    const active = document.activeElement;
    const lost = held || active === page || !active.checkVisibility();
    const touch = coarse.matches && active === field;
    if (lost && working) {
      stop.focus({ preventScroll: true });
    } else if (!working && (lost || touch)) {
      turn.querySelector(".question").focus({ preventScroll: true });
    }
  }

  function outward(link) {
    link.target = "_blank";
    link.rel = "noopener";
    if (link.ariaLabel) {
      link.ariaLabel += copyOf("new-tab").textContent;
    } else {
      link.append(copyOf("new-tab"));
    }
  }

  function turnOf(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content.querySelector(".turn");
  }

  function madeTurn(name, question, numbers = {}) {
    const turn = copyOf(`turn-${name}`).querySelector(".turn");
    const fill = (text) => text.replace(/\{(\w+)\}/g, (all, key) => numbers[key] ?? all);
    turn.dataset.heard = fill(turn.dataset.heard);
    for (const said of turn.querySelectorAll(".problem p")) {
      if (!said.children.length) {
        said.textContent = fill(said.textContent);
      }
    }
    turn.querySelector(".question").textContent = question;
    const again = turn.querySelector("[data-ask]");
    if (again) {
      again.dataset.ask = question;
    }
    return turn;
  }

  function cutShort(question) {
    const said = conversation.querySelector('.turn[data-state="working"] .said');
    const turn = madeTurn("stopped", question);
    if (said) {
      said.append(copyOf("cut-short"));
      turn.querySelector(".question").after(said);
    }
    return turn;
  }

  // Asking

  function remembered(question) {
    const turns = history.slice(-MOST_TURNS);
    const body = () => JSON.stringify({ question, token, page_language: document.documentElement.lang, history: turns });
    while (turns.length && new Blob([body()]).size > MOST_SENT) {
      turns.splice(0, 2);
    }
    return body();
  }

  async function post(question, signal) {
    const options = () => ({
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
      body: remembered(question),
      signal,
    });
    const response = await fetch("/api/widget/ask", options());
    if (response.status !== 403) {
      return response;
    }
    const renewed = await fetch(`/api/widget/token?site=${encodeURIComponent(page.dataset.site)}`, { signal });
    if (!renewed.ok) {
      return renewed;
    }
    token = (await renewed.json()).token;
    return fetch("/api/widget/ask", options());
  }

  async function* eventsOf(response) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) {
        return;
      }
      const events = (rest + value).split("\n\n");
      rest = events.pop();
      for (const event of events) {
        const [name, data] = event.split("\n").map((line) => line.slice(line.indexOf(": ") + 2));
        yield [name, JSON.parse(data)];
      }
    }
  }

  async function refused(response, question) {
    const seconds = response.headers.get("Retry-After");
    const code = (await response.json().catch(() => null))?.error?.code;
    const known = { too_many_requests: "too_many", used_up: "used_up", busy: "busy" }[code];
    return madeTurn(known ?? (response.status === 503 ? "unavailable" : "unexpected"), question, { seconds });
  }

  /** The last turn: its answer, or what stands in its place. */
  async function answered(question, signal) {
    const response = await post(question, signal);
    if (!response.ok) {
      return refused(response, question);
    }
    for await (const [name, event] of eventsOf(response)) {
      const turn = turnOf(event.html);
      if (name !== "turn") {
        if (event.result) {
          history.push({ role: "user", content: question });
          history.push({ role: "assistant", content: event.result.answer, result: event.result });
        }
        return turn;
      }
      show(turn);
    }
    return madeTurn("no_connection", question);
  }

  async function ask(text) {
    const question = text.trim();
    if (asking || !question) {
      return;
    }
    if (question.length > Number(page.dataset.most)) {
      show(madeTurn("too_long", `${question.slice(0, 200)} …`, { length: question.length }));
      return;
    }
    asking = new AbortController();
    field.value = "";
    field.removeAttribute("aria-describedby"); // has been heard
    show(madeTurn("working", question));
    let turn = null;
    try {
      turn = await answered(question, asking.signal);
    } catch (error) {
      turn = error.name === "AbortError" ? cutShort(question) : madeTurn("no_connection", question);
    }
    asking = null;
    if (turn.dataset.state === "problem" && !field.value) {
      field.value = question;
    }
    show(turn);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(field.value);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      ask(field.value);
    }
  });
  stop.addEventListener("click", () => asking?.abort());

  // A number unfolds its source in place; with a key held down it opens like any link.

  document.addEventListener("click", (event) => {
    const cite = event.target.closest(".cite[aria-describedby]");
    const choice = event.target.closest("[data-ask]");
    if (cite && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      const source = document.getElementById(cite.getAttribute("aria-describedby")).closest("details");
      source.open = true;
      source.querySelector("summary").focus();
      source.scrollIntoView({ block: "nearest" });
    } else if (choice) {
      ask(choice.dataset.ask);
    }
  });

  // The page around: only the window above, only from the origin that this page was made for.

  const site = page.dataset.site || location.origin;
  let framed = false;

  function toSite(what) {
    window.parent.postMessage({ callAssistant: what }, site);
  }

  function words(given) {
    return typeof given === "string" ? given.trim().slice(0, 500) : "";
  }

  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || event.origin !== site || window.parent === window) {
      return;
    }
    const { callAssistant: what, greeting, question } = event.data ?? {};
    if (what === "settings") {
      framed = true;
      const said = document.querySelector(".greeting");
      said.textContent = words(greeting);
      said.hidden = !said.textContent;
      field.value ||= words(question);
    } else if (what === "focus") {
      // A telephone's keyboard would cover the notice.
      const usual = coarse.matches && !history.length ? document.querySelector("h1") : field;
      const first = document.querySelector("dialog[open] h2") ?? usual;
      first.focus({ preventScroll: true });
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing && framed && !document.querySelector("dialog[open]")) {
      toSite("close");
    }
  });
  for (const link of document.querySelectorAll("a:not([target], .skip)")) {
    outward(link);
  }
  if (window.parent !== window) {
    toSite("ready");
  }
})();

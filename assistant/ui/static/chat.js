// The chat page: questions behind buttons, the source panel, quotes as tips, copying, rating, focus and announcements.
// Answers arrive as HTML made by the server; nothing here builds markup from text.
"use strict";

(() => {
  const wide = window.matchMedia("(min-width: 1024px)");
  const words = () => document.getElementById("page-words").dataset;
  const panel = () => document.getElementById("source-panel");

  // Questions behind buttons

  function ask(question) {
    const field = document.querySelector("#question textarea");
    const setValue = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
    setValue.call(field, question);
    field.dispatchEvent(new Event("input", { bubbles: true }));
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

  function lead(heading) {
    heading.focus({ preventScroll: true });
    led = heading;
  }

  function follow(turn, isNew) {
    const working = turn.dataset.state === "working";
    announce(turn.dataset.heard, working ? PATIENCE : 0);
    const heading = turn.querySelector(".question");
    const active = document.activeElement;
    const typing = active && active.matches("#question textarea");
    // A starter that was just hidden keeps the focus until the next frame.
    const gone = !active || active === document.body || !active.checkVisibility();
    const lost = gone || active.id === "stop" || active.id === "ask";
    const touch = window.matchMedia("(pointer: coarse)").matches;
    if (!working && (lost || (typing && touch))) {
      lead(heading);
    }
    if (isNew) {
      heading.scrollIntoView({ block: "start" });
    }
  }

  function watch(conversation) {
    let last = "";
    let count = 0;
    new MutationObserver(() => {
      const turns = conversation.querySelectorAll(".turn");
      const turn = turns[turns.length - 1];
      const now = turn ? `${turns.length} ${turn.dataset.state} ${turn.dataset.heard}` : "";
      if (turn && now !== last) {
        settle();
        follow(turn, turns.length !== count);
      } else if (turn && led && !led.isConnected && document.activeElement === document.body) {
        lead(turn.querySelector(".question")); // the same turn was drawn anew
      }
      last = now;
      count = turns.length;
    }).observe(conversation, { childList: true, subtree: true });
  }

  // A lost connection: said where the answer would have been

  const UNHEARD = 5000; // ms after which a question that nothing came back for counts as not sent
  let pending = 0;

  function sent() {
    settle();
    const field = document.querySelector("#question textarea");
    if (field && field.value.trim()) {
      pending = setTimeout(trouble, UNHEARD);
    }
  }

  function settle() {
    clearTimeout(pending);
    pending = 0;
    document.querySelector("#talk > .trouble")?.remove();
  }

  function trouble() {
    const working = document.querySelector('.turn[data-state="working"]');
    if (!working && !pending) {
      return;
    }
    settle();
    const said = document.getElementById("no-connection").content.firstElementChild.cloneNode(true);
    const button = said.querySelector("[data-reload]");
    if (working) {
      button.dataset.reload = working.querySelector(".question").textContent;
      working.dataset.state = "problem";
      working.querySelector(".steps").replaceWith(said);
    } else {
      button.dataset.reload = document.querySelector("#question textarea").value;
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
      sessionStorage.setItem("question", button.dataset.reload);
      location.reload();
    } catch {
      status.textContent = status.dataset.still;
    }
  }

  function askAgain() {
    const question = sessionStorage.getItem("question");
    sessionStorage.removeItem("question");
    if (question) {
      ask(question);
    }
  }

  // Source panel

  let opener = null;
  let position = { links: [], at: 0 };

  function siblings(link) {
    const answer = link.closest(".answer");
    const links = answer ? [...answer.querySelectorAll("a[data-source]")] : [];
    const at = links.findIndex((other) => other.href === link.href);
    return at < 0 ? { links: [link], at: 0 } : { links, at };
  }

  function place() {
    const shown = panel();
    if (shown.open) {
      shown.close();
    }
    if (wide.matches) {
      shown.show();
    } else {
      shown.showModal();
    }
  }

  async function show(link) {
    const shown = panel();
    const body = shown.querySelector(".panel-body");
    const steps = shown.querySelector(".panel-steps");
    steps.hidden = position.links.length < 2;
    shown.querySelector(".position").textContent = shown.dataset.position
      .replace("{number}", position.at + 1)
      .replace("{count}", position.links.length);
    shown.querySelector('[data-step="-1"]').disabled = position.at === 0;
    shown.querySelector('[data-step="1"]').disabled = position.at === position.links.length - 1;
    const address = new URL(link.href);
    address.searchParams.set("view", "passage");
    address.hash = "";
    let html = null;
    try {
      const response = await fetch(address);
      html = response.ok ? await response.text() : null;
    } catch {
      html = null;
    }
    if (link !== position.links[position.at]) {
      return;
    }
    if (html === null) {
      body.textContent = shown.dataset.failed;
    } else {
      body.innerHTML = html;
    }
    const quote = body.querySelector("#quote");
    body.scrollTop = 0;
    if (quote) {
      const room = Math.max(32, body.clientHeight - quote.offsetHeight);
      body.scrollTop = quote.getBoundingClientRect().top - body.getBoundingClientRect().top - room / 2;
    }
    if (quote && document.activeElement === shown.querySelector("h2")) {
      quote.tabIndex = -1;
      quote.focus({ preventScroll: true });
    } else {
      shown.querySelector("[role=status]").textContent = (quote || body).textContent;
    }
  }

  function open(link) {
    hideTip();
    opener = link;
    position = siblings(link);
    panel().querySelector(".panel-body").textContent = panel().dataset.loading;
    place();
    panel().querySelector("h2").focus({ preventScroll: true });
    show(position.links[position.at]);
  }

  function close() {
    if (!panel().open) {
      return;
    }
    panel().close();
    const again = opener && opener.isConnected ? opener : document.querySelector("#question textarea");
    again.focus();
    opener = null;
  }

  function step(by) {
    const at = position.at + by;
    if (at >= 0 && at < position.links.length) {
      position = { links: position.links, at };
      show(position.links[at]);
      const button = panel().querySelector(`[data-step="${by}"]`);
      if (button.disabled) {
        panel().querySelector(`[data-step="${-by}"]`).focus();
      }
    }
  }

  wide.addEventListener("change", () => {
    if (panel().open) {
      place();
    }
  });

  // Quotes as tips

  let tip = null;

  function showTip(link) {
    const quote = document.getElementById(link.getAttribute("aria-describedby"));
    if (!quote) {
      return;
    }
    if (!tip) {
      tip = document.createElement("div");
      tip.id = "quote-tip";
      tip.popover = "manual";
      tip.setAttribute("role", "tooltip");
      tip.addEventListener("mouseleave", hideTip);
      document.body.append(tip);
    }
    tip.textContent = quote.textContent;
    tip.showPopover();
    const at = link.getBoundingClientRect();
    const left = Math.min(at.left, window.innerWidth - tip.offsetWidth - 16);
    const above = at.top - tip.offsetHeight;
    tip.style.left = `${Math.max(16, left)}px`;
    tip.style.top = `${above > 0 ? above : at.bottom}px`;
  }

  function hideTip() {
    if (tip && tip.matches(":popover-open")) {
      tip.hidePopover();
    }
  }

  const cite = (event) => (event.target instanceof Element ? event.target.closest(".cite[aria-describedby]") : null);

  document.addEventListener("mouseover", (event) => cite(event) && showTip(cite(event)));
  document.addEventListener("mouseout", (event) => {
    if (cite(event) && !(tip && event.relatedTarget instanceof Node && tip.contains(event.relatedTarget))) {
      hideTip();
    }
  });
  document.addEventListener("focusin", (event) => {
    if (cite(event) && event.target.matches(":focus-visible")) {
      showTip(cite(event));
    } else {
      hideTip();
    }
  });

  // Copying and rating

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
    const question = answer.closest(".turn").querySelector(".question").textContent;
    const status = answer.querySelector(".rated");
    const body = {
      answer: answer.dataset.answer,
      question,
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
    status.textContent = kept ? words().noted : words().notNoted;
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

  // Clicks and keys

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!target || !plain) {
      return;
    }
    const found = (selector) => target.closest(selector);
    if (found("a[data-passage]")) {
      event.preventDefault();
      open(found("a[data-passage]"));
    } else if (found("#ask")) {
      sent();
    } else if (found("[data-ask]")) {
      ask(found("[data-ask]").dataset.ask);
    } else if (found("[data-reload]")) {
      reload(found("[data-reload]"));
    } else if (found("[data-copy]")) {
      copy(found("[data-copy]"));
    } else if (found("[data-rate]")) {
      thumb(found("[data-rate]"));
    } else if (found("[data-close]")) {
      close();
    } else if (found("[data-step]")) {
      step(Number(found("[data-step]").dataset.step));
    }
  });

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Enter" && event.isComposing) {
        event.stopImmediatePropagation();
      } else if (event.key === "Enter" && !event.shiftKey && event.target.matches?.("#question textarea")) {
        if (event.target.value.trim()) {
          sent();
        } else {
          event.preventDefault();
          event.stopImmediatePropagation(); // a blank question would keep the next one from being sent
        }
      } else if (event.key === "Escape" && tip && tip.matches(":popover-open")) {
        event.preventDefault();
        hideTip();
      } else if (event.key === "Escape" && panel().open) {
        event.preventDefault();
        close();
      }
    },
    true,
  );

  function start() {
    panel().addEventListener("cancel", (event) => {
      event.preventDefault();
      close();
    });
    let watched = null;
    let told = null;
    let ready = false;
    const arriving = new MutationObserver(() => {
      // Gradio's type for Markdown does not fit our own markup.
      for (const typed of document.querySelectorAll(".prose")) {
        typed.classList.remove("prose");
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
      if (!ready && document.querySelector("#question textarea") && document.getElementById("ask")) {
        ready = true;
        askAgain();
      }
    });
    arriving.observe(document.body, { childList: true, subtree: true });
  }

  start();
})();

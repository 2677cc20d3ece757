// The source panel, and quotes as tips. A passage arrives as HTML made by the server.
"use strict";

(() => {
  const wide = window.matchMedia("(min-width: 1024px)");
  const panel = () => document.getElementById("source-panel");

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
    address.searchParams.set("language", document.documentElement.lang);
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

  // Clicks and keys

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!target || !plain) {
      return;
    }
    const link = target.closest("a[data-passage]");
    const by = target.closest("[data-step]");
    if (link) {
      event.preventDefault();
      open(link);
    } else if (by) {
      step(Number(by.dataset.step));
    } else if (target.closest("[data-close]")) {
      close();
    }
  });

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || document.querySelector("dialog.form-dialog[open]")) {
        return;
      }
      if (tip && tip.matches(":popover-open")) {
        event.preventDefault();
        hideTip();
      } else if (panel().open) {
        event.preventDefault();
        close();
      }
    },
    true,
  );

  panel().addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
})();

// The widget's loader, put into a page of another site: a button, and a dialog with the assistant's own page in a frame.
// It asks only the host it came from, keeps nothing, and builds everything inside a shadow root.
"use strict";

(() => {
  const TAG = "call-assistant-widget";
  const WORDS = {
    en: ["Ask about the call", "Close", "Opening the assistant", "The assistant cannot be shown here.", "Open it in a new tab"],
    de: ["Fragen zur Ausschreibung", "Schließen", "Der Assistent wird geöffnet", "Der Assistent kann hier nicht angezeigt werden.", "In neuem Tab öffnen"],
    fr: ["Questions sur l’appel", "Fermer", "Ouverture de l’assistant", "L’assistant ne peut pas être affiché ici.", "L’ouvrir dans un nouvel onglet"],
    es: ["Preguntas sobre la convocatoria", "Cerrar", "Abriendo el asistente", "El asistente no se puede mostrar aquí.", "Abrirlo en una pestaña nueva"],
    it: ["Domande sul bando", "Chiudi", "Apertura dell’assistente", "L’assistente non può essere mostrato qui.", "Aprirlo in una nuova scheda"],
    pl: ["Pytania o nabór", "Zamknij", "Otwieranie asystenta", "Asystenta nie można tu wyświetlić.", "Otwórz w nowej karcie"],
  };
  const ICON = "M4 4h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H10l-5 4v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2Zm3 5v2h10V9Zm0 4v2h7v-2Z";
  const SANDBOX = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox";
  const PATIENCE = 2000; // ms after the frame has loaded in which its page has to say that it is there
  const RETURNS = 100; // times that the widget comes back after the page removed it

  // `!important` inside a shadow root stands above `!important` outside of it.
  const STYLE = `
    :host { all: initial !important; color-scheme: light dark !important; }
    * { box-sizing: border-box; }
    button, a, p, h2 { font: 400 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; }
    [hidden] { display: none !important; }
    .open, dialog { position: fixed; inset: auto; margin: 0; z-index: 2147483647; }
    .open, dialog { right: 16px; bottom: 16px; }
    .left { right: auto; left: 16px; }
    .top { bottom: auto; top: 16px; }
    button { border: 2px solid var(--on); color: var(--on); background: var(--colour); cursor: pointer; padding: 0; }
    .open { width: 56px; height: 56px; border-radius: 50%; box-shadow: 0 0 0 1px var(--colour), 0 2px 8px rgb(0 0 0 / .3); }
    .open[aria-expanded="true"] { visibility: hidden; }
    svg { width: 28px; height: 28px; display: block; margin: auto; fill: currentColor; }
    :focus-visible { outline: 3px solid #003399; outline-offset: 2px; box-shadow: 0 0 0 2px #fff, 0 0 0 7px #fff; }
    dialog { flex-direction: column; width: 400px; height: 640px; max-width: calc(100vw - 32px); max-height: calc(100dvh - 32px);
      padding: 0; overflow: hidden; border: 1px solid #7b8594; border-radius: 8px; color: #1b1f24; background: #fff;
      box-shadow: 0 4px 24px rgb(0 0 0 / .3); }
    dialog[open] { display: flex; }
    dialog::backdrop { background: rgb(0 0 0 / .25); }
    header { display: flex; flex: none; align-items: center; gap: 8px; padding: 4px 4px 4px 16px; color: var(--on); background: var(--colour); }
    h2 { flex: auto; min-width: 0; margin: 0; font-weight: 700; overflow-wrap: anywhere; }
    header button { flex: none; width: 44px; height: 44px; border-color: transparent; border-radius: 4px; font-size: 24px; line-height: 1; }
    header button:hover { border-color: var(--on); }
    header :focus-visible { outline-color: var(--on); outline-offset: -5px; box-shadow: none; }
    .said { padding: 16px; }
    .said p { margin: 0; }
    a { display: inline-block; padding: 8px 0; color: #039; }
    iframe { flex: auto; width: 100%; height: 0; min-height: 0; border: 0; }
    @media (max-width: 479.98px) {
      dialog, dialog.left, dialog.top { inset: 0; width: 100vw; height: var(--height, 100dvh); max-width: none; max-height: none; border: 0; border-radius: 0; }
    }
    @media (prefers-color-scheme: dark) { dialog { color: #e9ecf1; background: #13161b; } a { color: #9db8ff; } }
    @media (forced-colors: active) {
      button, header button { border-color: ButtonText; } header { border-bottom: 1px solid CanvasText; }
      :focus-visible { outline-color: Highlight; }
    }
    @media print { :host { display: none !important; } }`;

  const script = document.currentScript || document.querySelector('script[src*="/widget.js"]');
  const { dataset } = script;
  const home = new URL("./", script.src);
  const language = [dataset.language, document.documentElement.lang, ...navigator.languages]
    .map((tag) => (tag || "").slice(0, 2).toLowerCase())
    .find((tag) => Object.hasOwn(WORDS, tag)) || "en";
  const [ask, close, opening, failed, newTab] = WORDS[language];
  const name = dataset.name || ask;

  function make(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) {
      made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  }

  // Black or white, whichever stands out more: at least 4.58:1 on any colour (WCAG 2.2, relative luminance).
  function textOn(colour) {
    const [r, g, b] = [1, 3, 5]
      .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000000" : "#ffffff";
  }

  function colourOf(given = "") {
    const colour = given.trim().replace(/^#(.)(.)(.)$/, "#$1$1$2$2$3$3").toLowerCase();
    return /^#[0-9a-f]{6}$/.test(colour) ? colour : "#003399";
  }

  function icon() {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("fill-rule", "evenodd");
    path.setAttribute("d", ICON);
    svg.append(path);
    return svg;
  }

  function start() {
    if (document.querySelector(TAG)) {
      return; // the script is on the page twice, or was run again
    }
    const host = document.createElement(TAG);
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const colour = colourOf(dataset.colour);
    host.style.setProperty("--colour", colour);
    host.style.setProperty("--on", textOn(colour));

    const at = ["left", "top"].filter((side) => (dataset.position || "").includes(side)).join(" ");
    const button = make(
      "button",
      { type: "button", class: `open ${at}`, title: name, "aria-label": name, "aria-haspopup": "dialog" },
      icon(),
    );
    const shut = make("button", { type: "button", "aria-label": close, title: close }, "×");
    const status = make("p", { role: "status" });
    const link = make("a", { href: home.href, target: "_blank", rel: "noopener", hidden: "" }, newTab);
    const said = make("div", { class: "said" }, status, link);
    const dialog = make("dialog", { class: at, "aria-label": name }, make("header", {}, make("h2", {}, name), shut), said);
    root.append(button, dialog);

    let frame = null;
    let ready = false;

    function load() {
      if (frame) {
        return;
      }
      const address = new URL("widget", home);
      const site = dataset.site || self.origin;
      address.searchParams.set("language", language);
      if (site !== home.origin) {
        address.searchParams.set("site", site);
      }
      const made = make("iframe", {
        title: name,
        src: address.href,
        sandbox: SANDBOX,
        allow: "clipboard-write",
        referrerpolicy: "no-referrer",
        hidden: "",
      });
      made.addEventListener("load", () => setTimeout(fail, PATIENCE, made));
      frame = made;
      status.textContent = opening;
      said.hidden = false;
      link.hidden = true;
      dialog.append(frame);
    }

    function fail(silent) {
      if (frame === silent && !ready) {
        frame.remove();
        frame = null; // opening again tries again
        status.textContent = failed;
        link.hidden = false;
      }
    }

    function tell(what, rest) {
      frame.contentWindow.postMessage({ callAssistant: what, ...rest }, home.origin);
    }

    function enter() {
      if (ready && dialog.open) {
        frame.focus();
        tell("focus");
      }
    }

    function mark() {
      button.setAttribute("aria-expanded", String(dialog.open));
    }

    function open() {
      load();
      dialog.close(); // where it stands open beside the page
      dialog.showModal();
      mark();
      enter();
    }

    function hide() {
      dialog.close();
      mark();
      button.focus();
    }

    button.addEventListener("pointerenter", load);
    button.addEventListener("click", open);
    shut.addEventListener("click", hide);
    dialog.addEventListener("click", (event) => event.target === dialog && hide());
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      hide();
    });
    dialog.addEventListener("keydown", (event) => {
      event.stopPropagation(); // the site's own keys are not meant here
      if (event.key === "Escape") {
        event.preventDefault();
        hide();
      }
    });

    window.addEventListener("message", (event) => {
      if (!frame || event.source !== frame.contentWindow || event.origin !== home.origin) {
        return;
      }
      if (event.data?.callAssistant === "ready") {
        ready = true;
        said.hidden = true;
        frame.hidden = false;
        tell("settings", { greeting: dataset.greeting, question: dataset.question });
        if (dialog.matches(":modal")) {
          enter();
        }
      } else if (event.data?.callAssistant === "close" && dialog.open) {
        hide();
      }
    });

    // A telephone's keyboard covers the lower part of the window, where the question is written.
    window.visualViewport?.addEventListener("resize", () => {
      host.style.setProperty("--height", `${window.visualViewport.height}px`);
    });

    // Beside the body, as sites that change pages without loading them exchange it; and back where even that is gone.
    let returns = 0;
    const watch = new MutationObserver(() => {
      if (!host.isConnected && returns < RETURNS) {
        returns += 1;
        dialog.close();
        mark();
        frame?.remove(); // a frame that is moved loads again
        frame = null;
        ready = false;
        put();
      }
    });
    function put() {
      document.documentElement.append(host);
      watch.observe(document, { childList: true });
      watch.observe(document.documentElement, { childList: true });
    }
    mark();
    put();

    if (dataset.open !== undefined && dataset.open !== "false" && window.innerWidth >= 480) {
      const before = document.activeElement;
      load();
      dialog.show(); // beside the page, not above it: it was not asked for
      mark();
      root.activeElement?.blur();
      before?.focus({ preventScroll: true });
    }
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start); // after the page in reading order, wherever the script stands
  } else {
    start();
  }
})();

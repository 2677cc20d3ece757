// The page for web editors: writes the lines for their site as they choose, and shows them at work.
"use strict";

(() => {
  const form = document.getElementById("look");
  const preview = document.getElementById("preview");
  const allowed = document.getElementById("allowed");
  const PAUSE = 300; // ms after the last change
  const USUAL = { "data-colour": "#003399", "data-position": "bottom-right" };
  let waiting = 0;

  const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

  /** The attributes that differ from what is usual. */
  function attributes() {
    return [...new FormData(form)]
      .map(([name, value]) => [name, String(value).trim()])
      .filter(([name, value]) => name.startsWith("data-") && value && USUAL[name] !== value);
  }

  function originOf(text) {
    try {
      const { origin } = new URL(text);
      return origin === "null" ? "" : origin;
    } catch {
      return "";
    }
  }

  function write() {
    const chosen = attributes();
    const home = location.origin;
    const told = chosen.map(([name, value]) => ` ${name}="${escaped(value)}"`).join("");
    document.getElementById("snippet").value = `<script src="${home}/widget.js"${told} async></script>`;
    const site = originOf(form.elements.site.value) || "https://www.example.eu";
    const language = form.elements["data-language"].value;
    const query = new URLSearchParams({ site, ...(language && { language }) });
    document.getElementById("frame").value =
      `<iframe src="${escaped(`${home}/widget?${query}`)}" title="${escaped(form.dataset.title)}" width="400" height="640" ` +
      `sandbox="allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox" ` +
      `allow="clipboard-write" referrerpolicy="no-referrer"></iframe>`;
    document.getElementById("policy").value = `script-src ${home}; frame-src ${home}`;
    document.getElementById("library").value = [
      "assistant:",
      "  js:",
      `    ${home}/widget.js:`,
      "      type: external",
      `      attributes: { ${[["async", true], ...chosen].map((pair) => pair.map((part) => JSON.stringify(part)).join(": ")).join(", ")} }`,
    ].join("\n");
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      preview.contentWindow.location.replace(`/widget/preview?${new URLSearchParams(chosen)}`);
    }, PAUSE);
  }

  async function check() {
    const site = originOf(form.elements.site.value);
    allowed.textContent = "";
    if (site) {
      const response = await fetch(`/api/widget/token?site=${encodeURIComponent(site)}`);
      allowed.textContent = response.ok ? allowed.dataset.yes : allowed.dataset.no;
    }
  }

  form.addEventListener("input", write);
  form.elements.site.addEventListener("change", check);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copies]");
    if (button) {
      const text = document.getElementById(button.dataset.copies);
      const status = button.parentElement.querySelector("[role=status]");
      text.select();
      try {
        await navigator.clipboard.writeText(text.value);
        status.textContent = status.dataset.copied;
      } catch {
        status.textContent = status.dataset.failed;
      }
    }
  });
  write();
})();

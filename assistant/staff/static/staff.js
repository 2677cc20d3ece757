/* The workspace works by forms and links alone; this sends them without leaving the page, and adds keys and tabs.

   Each answer of the server is the whole page: its main part takes the place of the one here. What was typed meanwhile,
   what was unfolded, and where the focus was stays. */

"use strict";

const workspace = () => document.getElementById("workspace");
const byId = (id) => document.getElementById(id);
const say = (text) => { byId("status").textContent = text; };
const words = () => byId("status").dataset;
const fields = "textarea[id], input[id]:not([type=checkbox], [type=file])";

let line = Promise.resolve();
/* Requests go one after the other, as each needs the version of the case that the one before it made. */

function inTurn(work) {
  line = line.then(work).catch(() => say(words().lost));
  return line;
}

const pressed = new Set();
/* What was asked for by a button and is not done yet; a second press of the same does nothing more. */

function press(form, button) {
  const asked = `${form.action}?${new URLSearchParams(new FormData(form, button))}`;
  if (pressed.has(asked)) return;
  pressed.add(asked);
  inTurn(() => send(form, button).finally(() => pressed.delete(asked)));
}

const typedIn = (part) => [...part.querySelectorAll(fields)].filter((field) => field.value !== field.defaultValue);

/* Saves the edits that are typed or under way; whether none is left, as one may be refused. */
async function saveAll() {
  const edited = () => [...workspace().querySelectorAll("form[data-auto]")].filter((form) => !isUnchanged(form));
  for (const form of edited()) inTurn(() => send(form));
  await line;
  return edited().length === 0;
}

function* around(element) {
  for (let part = element; part && part !== workspace(); part = part.parentElement) if (part.id) yield part.id;
}

function keep() {
  const typed = typedIn(workspace());
  const active = document.activeElement, inside = active !== workspace() && workspace().contains(active);
  return {
    typed: new Map(typed.map((field) => [field.id, field.value])),
    unfolded: [...workspace().querySelectorAll("details[id][open]")].map((details) => details.id),
    scrolled: [...workspace().querySelectorAll(".column")].map((column) => column.scrollTop),
    inside,
    focus: active.id,
    around: inside ? [...around(active)] : [],
    selection: active instanceof HTMLTextAreaElement ? [active.selectionStart, active.selectionEnd] : null,
  };
}

function restore(kept) {
  for (const [id, value] of kept.typed) {
    const field = byId(id);
    if (field) field.value = value;
  }
  for (const id of kept.unfolded) byId(id)?.setAttribute("open", "");
  workspace().querySelectorAll(".column").forEach((column, at) => { column.scrollTop = kept.scrolled[at] ?? 0; });
  if (!kept.inside) return;
  const place = byId(kept.around.find(byId)) ?? workspace();
  const stays = place.id === kept.focus;
  (stays ? place : place.querySelector("[tabindex], summary, textarea") ?? place).focus({ preventScroll: true });
  if (kept.selection && stays) place.setSelectionRange(...kept.selection);
}

const PRESS = 1000; // ms after which a press counts as over, as not every one ends here
let down = false, release = () => {};

/* Waits for the end of a press: a button that was exchanged between press and release would not be clicked. */
async function released() {
  if (down) await new Promise((resolve) => { release = resolve; setTimeout(resolve, PRESS); });
  down = false;
}

addEventListener("pointerdown", (event) => { down = event.button === 0; }, true);
addEventListener("keydown", (event) => { down ||= event.key === " " && event.target.matches("button"); }, true);
for (const end of ["pointerup", "pointercancel", "dragend", "keyup"]) addEventListener(end, () => {
  down = false;
  setTimeout(release); // the click comes after the release
}, true);

let exchanging = false; // then fields are left by nobody

async function show(response, sent) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById("workspace");
  if (!fresh) {
    const trouble = page.getElementById("trouble");
    if (trouble) say(trouble.textContent);
    else if (response.ok) location.assign(response.url);
    else say(words().lost);
    return false;
  }
  await released();
  const kept = keep();
  for (const [id, value] of sent) if (kept.typed.get(id) === value) kept.typed.delete(id);
  exchanging = true;
  workspace().replaceChildren(...fresh.childNodes);
  exchanging = false;
  document.title = page.title;
  if (response.redirected) history.replaceState(null, "", response.url);
  restore(kept);
  begin();
  return true;
}

/* The form to send when its turn comes, as the page may be another by then: null where what it changes is gone.
   One without an ID names what it changes by what stays its own, so that it can be sent as it was. */
function current(form) {
  if (form.isConnected || !form.id) return form;
  return byId(form.id);
}

function isUnchanged(form) {
  const field = form.querySelector("textarea");
  return "auto" in form.dataset && field && field.value === field.defaultValue;
}

async function send(form, button) {
  const emptied = form.querySelector("textarea")?.value === "";
  form = current(form);
  if (!form && !emptied) say(words().gone);
  if (!form || isUnchanged(form)) return;
  const data = new FormData(form, button?.form === form ? button : undefined);
  data.set("version", workspace().querySelector("input[name=version]").value);
  const sent = [...form.querySelectorAll(fields)].map((field) => [field.id, field.value]);
  say(words().working);
  const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(data) });
  if (!(await show(response, sent))) return;
  const mark = byId(form.id.replace("edit-", "at-"))?.querySelector(".mark span:last-child");
  say(mark ? mark.textContent : words().saved);
  if (form.action.endsWith("/search")) byId("found")?.focus();
}

async function answerAll() {
  for (let button = byId("answer"); button; button = byId("answer")) {
    const said = button.dataset.said, before = button.form.elements.version.value;
    button.disabled = true;
    say(said);
    button.textContent = said;
    const response = await fetch(button.form.action, { method: "POST", body: new URLSearchParams(new FormData(button.form)) });
    if (!(await show(response, [])) || byId("answer")?.form.elements.version.value === before) return;
    if (byId("answer") && !("untried" in byId("answer").dataset)) break;
  }
  say(words().saved);
}

let sentAway = null;
/* The form with which the page is left: what it holds is not lost. */

addEventListener("beforeunload", (event) => {
  if (sentAway?.action.endsWith("/delete")) return;
  if (pressed.size || typedIn(workspace()).some((field) => field.form !== sentAway)) event.preventDefault();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  sentAway = form;
  if (form.method === "dialog" || !workspace()?.contains(form) || "plain" in form.dataset) return;
  if (form.action.endsWith("/delete")) return;
  sentAway = null;
  event.preventDefault();
  if (form.id === "answering") inTurn(answerAll);
  else if ("auto" in form.dataset) inTurn(() => send(form));
  else press(form, event.submitter);
});

/* Not where another window is gone to: who empties a sentence to paste another is not done. */
document.addEventListener("focusout", (event) => {
  const form = event.target.form;
  if (!form || !("auto" in form.dataset) || exchanging || !document.hasFocus()) return;
  if (!isUnchanged(form)) inTurn(() => send(form));
});

/* Words marked in the e-mail become the question to add. Places count code points, as the server does. */
document.addEventListener("selectionchange", () => {
  const text = byId("mail-text"), form = byId("add-question"), selection = getSelection();
  if (!text || !form || !selection.rangeCount || selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return;
  const before = document.createRange();
  before.selectNodeContents(text);
  before.setEnd(range.startContainer, range.startOffset);
  const start = [...before.toString()].length;
  form.elements.text.value = range.toString();
  form.elements.start.value = start;
  form.elements.end.value = start + [...range.toString()].length;
});

document.addEventListener("input", (event) => {
  if (event.target.id !== "new-question") return;
  event.target.form.elements.start.value = event.target.form.elements.end.value = "";
});

/* Keys: with Alt, so that they never take a letter from somebody who types. */

function next(elements) {
  const all = [...elements];
  const active = document.activeElement;
  return all.find((element) => active.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) ?? all[0];
}

function go(element, tab) {
  if (!element) return;
  if (tab) choose(tab);
  element.focus();
  element.scrollIntoView({ block: "nearest" });
}

const keys = {
  KeyJ: () => go(next(document.querySelectorAll('[data-mark="not_carried"] textarea')), "draft"),
  KeyK: () => {
    const heading = next(document.querySelectorAll("[data-question]"));
    go(heading, "draft");
    document.querySelector(`.asked[data-number="${heading?.dataset.question}"]`)?.scrollIntoView({ block: "nearest" });
  },
  KeyG: () => {
    const cases = [...document.querySelectorAll("[data-case]")];
    const at = cases.findIndex((link) => link.getAttribute("aria-current"));
    const address = cases[(at + 1) % cases.length]?.href;
    if (address) saveAll().then((saved) => { if (saved) location.assign(address); });
  },
  Enter: () => go(byId("approve") ?? byId("approval-title"), "draft"),
};

document.addEventListener("keydown", (event) => {
  const plain = event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!plain || !(event.code in keys) || byId("help")?.open) return;
  event.preventDefault();
  keys[event.code]();
});

/* Tabs, where the window is too narrow for three columns. */

function choose(tab) {
  document.body.dataset.tab = tab;
  for (const button of document.querySelectorAll("button[data-tab]")) {
    button.setAttribute("aria-pressed", String(button.dataset.tab === tab));
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button"), file = event.target.closest(".exports a");
  if (file) {
    event.preventDefault();
    const { href } = file;
    if (await saveAll()) Object.assign(document.createElement("a"), { href, download: "" }).click();
  }
  if (button?.dataset.tab) choose(button.dataset.tab);
  if (button?.id === "help-open") byId("help").showModal();
  if (button?.id === "copy") {
    const read = async (address, type) => new Blob([await (await fetch(address)).text()], { type });
    if (!(await saveAll())) return;
    await navigator.clipboard.write([new ClipboardItem({
      "text/html": read(button.dataset.html, "text/html"),
      "text/plain": read(button.dataset.text, "text/plain"),
    })]).then(() => say(button.dataset.said), () => say(words().lost));
  }
});

function begin() {
  if (!document.querySelector("button[data-tab]")) return;
  choose(document.body.dataset.tab ?? "mail");
  if (navigator.clipboard?.write) byId("copy").hidden = false;
}

document.documentElement.classList.add("scripted");
begin();

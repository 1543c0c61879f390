// What scripts add to pages that already work without them: keys, drafts, copying, the theme.
// Everything hangs on attributes in the page; nothing here knows one page from another.

const field = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

// A browser may forbid storage; remembering is then left out and nothing else fails.
const memory = (store) => ({
  get(key) { try { return window[store].getItem(key); } catch { return null; } },
  set(key, value) { try { value === null ? window[store].removeItem(key) : window[store].setItem(key, value); } catch { /* forbidden */ } },
});
const lasting = memory("localStorage");
const passing = memory("sessionStorage");

/** Says a sentence to screen readers, without moving the focus. */
function say(text) {
  const announcer = document.getElementById("announcer");
  if (announcer) announcer.textContent = text;
}

// Theme: [data-theme-set="light | dark | auto"]. The cookie lets the server paint the next page right at once.
function theme(choice) {
  const chosen = choice === "light" || choice === "dark" ? choice : "";
  if (chosen) document.documentElement.dataset.theme = chosen;
  else delete document.documentElement.dataset.theme;
  for (const button of all("[data-theme-set]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeSet === (chosen || "auto")));
  }
}

function setTheme(choice) {
  theme(choice);
  lasting.set("theme", choice);
  document.cookie = `theme=${choice}; path=/; max-age=31536000; samesite=lax`;
}

// Keys: an element says its own in aria-keyshortcuts. Single keys rest inside fields, with modifiers,
// and when the reader has switched them off (WCAG 2.2, 2.1.4).
function keydown(event) {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.ctrlKey || event.metaKey) return press(event, `Control+${event.key.toUpperCase()}`);
  if (event.altKey || document.body.dataset.keys === "off") return;
  if (event.target.closest(field) || document.querySelector("dialog:modal")) return;
  if (event.key === "j" || event.key === "k") return step(event, event.key === "j" ? 1 : -1);
  if (event.key === "x") return tick(event);
  press(event, event.key);
}

function press(event, key) {
  const target = all("[aria-keyshortcuts]").findLast( // the page's own before the bar's
    (element) => element.getAttribute("aria-keyshortcuts").split(" ").includes(key) && visible(element));
  if (!target) return;
  event.preventDefault();
  if (target.matches(field)) {
    target.focus();
    return target.select?.();
  }
  target.click();
  if (target.matches("[type=radio]")) target.form?.querySelector("textarea")?.focus();
  if (target.matches("details[open] > summary")) target.parentElement.querySelector("form[data-draft] .field > :is(input, textarea, select)")?.focus();
}

// Rows: those of a queue, or the children of [data-rows], that hold a link are walked with j and k and ticked with x.
const rows = () => all(".queue tbody > tr, [data-rows] > *").filter((row) => row.querySelector("a[href]"));
const link = (row) => row.querySelector(".title a") ?? row.querySelector("a[href]");
const currentRow = (list) => list.findIndex((row) => row.contains(document.activeElement));

function step(event, by) {
  const list = rows();
  if (!list.length) return;
  event.preventDefault();
  const at = currentRow(list);
  link(list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(Math.max(at + by, 0), list.length - 1)]).focus();
}

function tick(event) {
  const box = rows().find((row) => row.contains(document.activeElement))?.querySelector("[type=checkbox]");
  if (!box) return;
  event.preventDefault();
  box.click();
}

// Coming back to a list, the focus returns to the row that was opened. The rows around it are remembered too:
// [data-neighbour="-1 | 1"] leads from one of them to the next without the list.
function leaveRow(event) {
  const list = event.target.closest("a[href]") ? rows() : [];
  const row = list.find((row) => row.contains(event.target));
  if (!row) return;
  passing.set(`row:${location.pathname}`, link(row).getAttribute("href"));
  passing.set("neighbours", JSON.stringify(list.map((row) => link(row).getAttribute("href"))));
}

function showNeighbours() {
  const list = JSON.parse(passing.get("neighbours") ?? "[]");
  const at = list.findIndex((href) => href.split("?")[0] === location.pathname);
  for (const a of all("[data-neighbour]")) {
    const href = at < 0 ? undefined : list[at + Number(a.dataset.neighbour)];
    a.hidden = !href;
    if (href) a.href = href;
  }
}

function returnToRow() {
  const key = `row:${location.pathname}`;
  const href = passing.get(key);
  if (!href || location.hash) return;
  passing.set(key, null);
  rows().map(link).find((a) => a.getAttribute("href") === href)?.focus();
}

// Copying: [data-copy="text"], or [data-copy-from="id"] for what another element shows.
async function copy(button) {
  const source = document.getElementById(button.dataset.copyFrom);
  const text = button.dataset.copy ?? source?.value ?? source?.textContent ?? "";
  try {
    await navigator.clipboard.writeText(text.trim());
  } catch {
    return; // the browser refused, and has told the reader
  }
  button.dataset.done = "";
  setTimeout(() => delete button.dataset.done, 2000);
  say(button.dataset.copied ?? "");
}

// Sending once: the second press of an impatient finger is dropped until the answer is there.
// An answer that never comes must not lock the form for good.
function begin(form, submitter) {
  if (form.dataset.sending !== undefined) return false;
  form.dataset.sending = "";
  submitter?.setAttribute("aria-busy", "true");
  setTimeout(settle, 15000, form);
  return true;
}

function settle(form) {
  delete form.dataset.sending;
  for (const button of all("[aria-busy]", form)) button.removeAttribute("aria-busy");
}

function submit(event) {
  const form = event.target;
  const method = event.submitter?.getAttribute("formmethod") ?? form.method;
  if (event.defaultPrevented || method !== "post") return;
  if (!begin(form, event.submitter)) return event.preventDefault();
  dropDraft(form);
}

function beforeRequest(event) {
  const form = event.target;
  if (form.matches("form[hx-post]") && !begin(form, event.detail.requestConfig?.triggeringEvent?.submitter)) event.preventDefault();
}

// What is typed goes along in an address only as far as an address holds it.
const addressHolds = 600;

function configRequest({ detail }) {
  if (detail.verb !== "get") return;
  for (const [name, value] of [...detail.formData]) {
    if (value.length > addressHolds) detail.formData.set(name, value.slice(0, addressHolds));
  }
}

function afterRequest(event) {
  const form = event.target.closest("form");
  if (!form) return;
  settle(form);
  if (event.detail.successful && event.target === form) dropDraft(form);
}

// Drafts: a form with data-draft="key" keeps its unsent text in this tab. Text the server filled in wins.
const texts = (form) => all("textarea[name], input[name]:is([type=text], :not([type]))", form);

function keepDraft(form) {
  const written = texts(form).filter((input) => input.value !== input.defaultValue).map((input) => [input.name, input.value]);
  passing.set(`draft:${form.dataset.draft}`, written.length ? JSON.stringify(written) : null);
  for (const note of all("[data-draft-note]", form)) note.hidden = !written.length;
}

function dropDraft(form) {
  if (form.dataset.draft) passing.set(`draft:${form.dataset.draft}`, null);
}

function restoreDraft(form) {
  const kept = new Map(JSON.parse(passing.get(`draft:${form.dataset.draft}`) ?? "[]"));
  for (const input of texts(form)) {
    if (input.value === "" && kept.has(input.name)) input.value = kept.get(input.name);
  }
}

function click(event) {
  const button = event.target.closest("button, a");
  if (!button) return;
  if (button.dataset.themeSet) setTheme(button.dataset.themeSet);
  if (button.matches("[data-copy], [data-copy-from]")) copy(button);
  if (!("commandForElement" in button)) command(button);
  leaveRow(event);
}

// Dialogs open by command and commandfor; browsers before 2025 need to be told what those mean.
function command(button) {
  const dialog = document.getElementById(button.getAttribute("commandfor"));
  if (button.getAttribute("command") === "show-modal") dialog?.showModal();
  if (button.getAttribute("command") === "close") dialog?.close();
}

function change(event) {
  const input = event.target;
  if (input.matches("[data-autosubmit]")) input.form.requestSubmit();
  if (input.matches("[data-check-all]")) {
    for (const box of all("tbody [type=checkbox]", input.closest("table"))) box.checked = input.checked;
  }
}

// What must be done to new content: once for the page, and again for each part that htmx brings.
function prepare(root) {
  for (const form of all("form[data-draft]", root)) restoreDraft(form);
  root.querySelector("[data-focus]")?.focus();
}

// A rail too wide for its window begins at the view that is open.
function showCurrentView() {
  const rail = document.querySelector(".rail");
  const current = rail?.querySelector("[aria-current]");
  if (current) rail.scrollLeft = current.offsetLeft - rail.offsetLeft - (rail.clientWidth - current.offsetWidth) / 2;
}

theme(lasting.get("theme") ?? document.documentElement.dataset.theme);
prepare(document);
returnToRow();
showNeighbours();
showCurrentView();

document.addEventListener("keydown", keydown);
document.addEventListener("click", click);
document.addEventListener("change", change);
document.addEventListener("submit", submit);
document.addEventListener("input", ({ target }) => target.form?.dataset.draft && keepDraft(target.form));
document.addEventListener("htmx:load", ({ target }) => target !== document.body && prepare(target));
document.addEventListener("htmx:configRequest", configRequest);
document.addEventListener("htmx:beforeRequest", beforeRequest);
document.addEventListener("htmx:afterRequest", afterRequest);
// A page that the browser kept and brings back has nothing under way.
addEventListener("pageshow", ({ persisted }) => persisted && all("form[data-sending]").forEach(settle));

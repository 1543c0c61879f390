// Live pages. The stream names tickets that changed, and no more; the page then reads itself again and takes over
// what its reader may see. Parts that may change say [data-part]; what somebody is doing in them is left alone.

const wire = document.body.dataset.live;
const partsOf = (page) => new Map(all("[data-part]", page).map((part) => [part.dataset.part, part]));
const thisTicket = document.querySelector("[data-ticket]")?.dataset.ticket;
const newsButton = document.querySelector("[data-news]");

// One stream serves all pages of this browser: the page that holds the lock has it, the others listen.
let source, letGo, channel, ended, ordered, late, tries = 0;
const lately = [];

function watch() {
  const name = wire.split("?")[0];
  channel = new BroadcastChannel(name);
  channel.addEventListener("message", ({ data }) => (data.hello ? lately.forEach((word) => channel.postMessage(word)) : hear(data)));
  channel.postMessage({ hello: true });
  ended = new AbortController();
  if (!navigator.locks) return open();
  navigator.locks.request(name, { signal: ended.signal }, () => new Promise((resolve) => { letGo = resolve; open(); })).catch(() => {});
}

function open() {
  source = new EventSource(wire);
  for (const name of ["tickets", "here", "again", "end"]) source.addEventListener(name, ({ data }) => pass({ name, data, at: Date.now() }));
  source.addEventListener("error", () => source.readyState === EventSource.CLOSED && ++tries < 10 && setTimeout(() => !ended.signal.aborted && open(), 6e4));
}

function pass(word) {
  channel.postMessage(word);
  lately.push(word);
  while (word.at - lately[0].at > 5000) lately.shift();
  hear(word);
}

function unwatch() {
  source?.close();
  letGo?.();
  ended?.abort();
  channel?.close();
  source = letGo = undefined;
}

function hear({ name, data }) {
  if (name === "end") return unwatch();
  const mine = !thisTicket || data.split(" ").includes(thisTicket);
  if (name === "here") document.dispatchEvent(new CustomEvent("live:here", { detail: mine }));
  else if (mine || name === "again") order();
}

// A list is read again every few seconds at most, whatever happens at the desk.
function order() {
  ordered ??= setTimeout(refresh, Math.max(300, late - Date.now() || 0) + 400 * Math.random());
}

async function refresh() {
  ordered = undefined;
  if (document.hidden) return document.addEventListener("visibilitychange", order, { once: true });
  late = Date.now() + (thisTicket ? 1000 : 4000);
  try {
    const answer = await fetch(location.href, { headers: { Live: "1" } });
    if (answer.ok) take(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    late = Date.now() + 1e4; // the line is down, and may soon stand again
    order();
  }
}

function take(page) {
  const held = stay();
  const fresh = partsOf(page);
  const arrived = [];
  for (const [name, part] of partsOf(document)) {
    if (!fresh.has(name)) continue;
    if (name === "list") takeRows(part, fresh.get(name));
    else morph(part, fresh.get(name), arrived);
  }
  held();
  for (const node of arrived) window.htmx?.process(node);
  if (thisTicket) takeMessages(arrived.filter((node) => node.matches(".entry")), page.querySelector("[name=seen]")?.value);
}

// What is under the pointer, or has the focus, stays where it is.
function stay() {
  const on = document.activeElement?.closest("main :is(a, button, summary, input, select, textarea)") ?? all("main :hover").at(-1);
  const top = on?.getBoundingClientRect().top;
  return () => on?.isConnected && scrollBy({ top: on.getBoundingClientRect().top - top, behavior: "instant" });
}

const typed = (form) => texts(form).some((input) => input.value !== input.defaultValue || (input.value && input.tagName === "TEXTAREA"));
const inUse = (element) => element.matches(":popover-open, dialog[open], [data-neighbour]") || (element.matches("form") && (element.contains(document.activeElement) || typed(element)));

/** Makes an element like a newer one, keeping every node that can stay. */
function morph(old, fresh, arrived) {
  if (inUse(old) || old.isEqualNode(fresh)) return;
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  let at = old.firstChild;
  for (const node of [...fresh.childNodes]) {
    const same = alike(at, node) ? at : node.id && [...old.children].find((child) => child.id === node.id);
    if (!same) {
      const added = document.importNode(node, true);
      old.insertBefore(added, at);
      if (added.nodeType === 1) arrived.push(added);
      continue;
    }
    if (same !== at) old.insertBefore(same, at);
    else at = at.nextSibling;
    if (node.nodeType === 1) morph(same, node, arrived);
    else if (same.data !== node.data) same.data = node.data;
  }
  while (at) {
    const next = at.nextSibling;
    if (!at.contains(document.activeElement)) at.remove();
    at = next;
  }
}

const alike = (a, b) => a && a.nodeName === b.nodeName && (a.id ?? "") === (b.id ?? "") && (a.className ?? "") === (b.className ?? "");

// Messages that came are announced, and counted as read once they have been on the screen: Send then no longer stops at them.
let unread = [], newest;
const reading = new IntersectionObserver((list) => {
  for (const { isIntersecting, target } of list) if (isIntersecting) read(target);
});

function read(entry) {
  reading.unobserve(entry);
  unread = unread.filter((other) => other !== entry);
  showMessages();
}

function takeMessages(entries, seen) {
  newest = seen;
  for (const entry of entries) {
    entry.dataset.new = "";
    reading.observe(entry);
  }
  unread.push(...entries);
  if (entries.length) say(count(entries.length).split(/\s*:/)[0]);
  showMessages();
}

function showMessages() {
  tell(unread.length, () => unread[0].scrollIntoView({ block: "center" }));
  const seen = document.querySelector("[name=seen]");
  if (!unread.length && seen && newest) seen.value = newest;
}

const count = (n) => (n > 1 ? newsButton.dataset.many : newsButton.dataset.one).replace("{n}", n);

function tell(n, show) {
  newsButton.hidden = !n;
  newsButton.show = show;
  if (n) newsButton.textContent = count(n);
}

// Rows of a list change where they stand; which are there, and in which order, its reader says.
const pathOf = (row) => link(row).pathname;
const rowsIn = (part) => all("tbody > tr", part).filter((row) => row.querySelector("a[href]"));

function takeRows(part, fresh) {
  const rows = new Map(rowsIn(fresh).map((row) => [pathOf(row), row]));
  let below = !fresh.ownerDocument.querySelector("a[href*='after=']");
  for (const row of rowsIn(part).reverse()) {
    const now = rows.get(pathOf(row));
    rows.delete(pathOf(row));
    if (now) morph(row, now, []);
    else if (below) row.dataset.gone = "";
    below ||= Boolean(now);
  }
  const more = new URLSearchParams(location.search).has("after") ? 0 : rows.size;
  const before = newsButton.hidden ? 0 : parseInt(newsButton.textContent, 10);
  tell(more, () => {
    part.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
    window.htmx?.process(part);
    focusFirst(part);
  });
  if (more > before) say(count(more).split(/\s*:/)[0]);
}

const focusFirst = (part) => { const row = rowsIn(part)[0]; if (row) link(row).focus({ preventScroll: true }); };

newsButton?.addEventListener("click", () => {
  newsButton.hidden = true;
  newsButton.show();
});

if (wire && document.querySelector("[data-part=list], [data-part=thread]")) {
  watch();
  addEventListener("pagehide", unwatch);
  addEventListener("pageshow", ({ persisted }) => { if (persisted) { watch(); order(); } });
}

// Who is at a ticket: [data-here] is where that is said and shown, on the desk's pages alone.
const hereBox = document.querySelector("[data-here]");
let doing = "viewing", wrote = 0;

async function present(says) {
  if (!hereBox || document.hidden) return;
  const ask = { headers: { Live: "1" } };
  if (says) Object.assign(ask, { method: "POST", body: new URLSearchParams({ doing: says }) });
  try {
    const answer = await fetch(hereBox.dataset.here, ask);
    const fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-here]");
    if (fresh) morph(hereBox, fresh, []);
  } catch { /* the line is down */ }
}

function presentAgain() {
  const now = Date.now() - wrote < 2e4 ? "writing" : "viewing";
  doing = now;
  present(now);
}

// What is typed into a form with [data-keep] is kept on the server too, for another machine.
let typing, typingIn;

function keepTyped(send) {
  clearTimeout(typing);
  if (!typingIn) return;
  const filled = all("textarea", typingIn).some((input) => input.value.trim());
  const fields = filled ? new URLSearchParams([...new FormData(typingIn)].filter(([name, value]) => typeof value === "string" && !["key", "seen"].includes(name))).toString() : "";
  send(typingIn.dataset.keep, new URLSearchParams({ about: typingIn.dataset.draft, fields }));
  typingIn = undefined;
}

document.addEventListener("input", ({ target }) => {
  const form = target.form;
  if (!form?.dataset.keep) return;
  clearTimeout(typing);
  typingIn = form;
  typing = setTimeout(keepTyped, 2000, (to, body) => fetch(to, { method: "POST", body }).catch(() => {}));
  wrote = Date.now();
  if (hereBox && doing !== "writing") presentAgain();
});
document.addEventListener("submit", () => { clearTimeout(typing); typingIn = undefined; wrote = 0; });
addEventListener("pagehide", () => {
  keepTyped((to, body) => navigator.sendBeacon(to, body));
  if (hereBox) navigator.sendBeacon(hereBox.dataset.here, new URLSearchParams({ doing: "gone" }));
});
if (hereBox && wire) {
  presentAgain();
  setInterval(presentAgain, 2e4);
  document.addEventListener("live:here", ({ detail }) => detail && present());
  document.addEventListener("visibilitychange", presentAgain);
}

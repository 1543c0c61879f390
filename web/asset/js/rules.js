// Rules: [data-moves="rank"] is moved by Alt and an arrow, or dragged by its grip. Both press what a button of its form
// presses; the page that comes back says where the rule is now.
const placing = (item) => item.querySelector("form[data-place]");
const movable = (element) => element.closest?.("[data-moves]");
let dragged = null;

function shift(event) {
  const way = event.altKey && { ArrowUp: "up", ArrowDown: "down" }[event.key];
  const button = way && movable(event.target) && placing(movable(event.target)).querySelector(`[value=${way}]`);
  if (!button) return;
  event.preventDefault();
  if (!button.disabled) button.click();
}

// Only the grip drags, so that the words of a rule can still be selected.
function grip(event) {
  const item = event.target.closest(".grip") && movable(event.target);
  if (item) item.draggable = true;
}

function drag(event) {
  dragged = movable(event.target);
  if (dragged) event.dataTransfer.effectAllowed = "move";
}

function over(event) {
  const item = dragged && movable(event.target);
  unmark();
  if (!item || item === dragged) return;
  event.preventDefault();
  const { top, height } = item.getBoundingClientRect();
  item.dataset.drop = event.clientY > top + height / 2 ? "after" : "before";
}

function drop(event) {
  const item = movable(event.target);
  if (!dragged || !item?.dataset.drop) return;
  event.preventDefault();
  const from = Number(dragged.dataset.moves);
  const gap = Number(item.dataset.moves) + (item.dataset.drop === "after" ? 1 : 0);
  const form = placing(dragged);
  form.elements.to.value = gap > from ? gap - 1 : gap;
  if (Number(form.elements.to.value) !== from) form.requestSubmit();
}

function unmark() {
  for (const item of all("[data-drop]")) delete item.dataset.drop;
}

function release() {
  unmark();
  if (dragged) dragged.draggable = false;
  dragged = null;
}

function tellPlace() {
  const item = document.querySelector(".toast") && location.hash && document.getElementById(location.hash.slice(1));
  if (!item || !item.matches("[data-moves]")) return;
  setTimeout(() => { // behind the browser's own way to the fragment, which takes the focus away
    item.querySelector("a")?.focus();
    say(`${placing(item).dataset.place} ${item.dataset.moves}`);
  }, 200);
}

// A row of a condition offers the questions that its fact takes, and a value only where one is compared.
const listed = (text) => Object.fromEntries(text.split(";").map((part) => part.split(":")).map(([name, list]) => [name, list.split(",")]));

function fit(row) {
  const { facts, ops } = row.closest("[data-facts]").dataset;
  const [fact, op, value] = ["fact", "op", "value"].map((part) => row.querySelector(`[name$=_${part}]`));
  if (!fact) return;
  const type = Object.entries(listed(facts)).find(([, names]) => names.includes(fact.value))?.[0];
  const fitting = type && listed(ops)[type];
  for (const option of op.options) {
    option.hidden = option.disabled = Boolean(fitting) && !fitting.includes(option.value);
    option.textContent = (type === "bool" && option.dataset.bool) || option.dataset.text;
  }
  for (const group of all("optgroup", op)) group.hidden = [...group.children].every((option) => option.hidden);
  if (fitting && !fitting.includes(op.value)) op.value = fitting[0];
  value.hidden = type === "bool" || op.value === "empty" || op.value === "not_empty";
  value.setAttribute("list", `values-${fact.value}`);
}

all(".condition").forEach(fit);
tellPlace();

document.addEventListener("keydown", shift);
document.addEventListener("pointerdown", grip);
document.addEventListener("dragstart", drag);
document.addEventListener("dragover", over);
document.addEventListener("drop", drop);
document.addEventListener("dragend", release);
document.addEventListener("change", ({ target }) => target.closest(".condition") && fit(target.closest(".condition")));

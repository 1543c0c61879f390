// Pictures of a ticket, large, one after the other, in the dialog #picture. A link to one is [data-picture]; without
// this script it leads to the picture itself.
(() => {
  const dialog = document.getElementById("picture");
  if (!dialog?.showModal) return;
  const frame = dialog.querySelector("[data-frame]");
  const pictures = () => all(".timeline a[data-picture]");
  let at;

  function show(link) {
    at = link.href;
    const image = new Image();
    image.alt = dialog.querySelector("h2").textContent = link.dataset.picture;
    image.addEventListener("load", () => frame.replaceChildren(image));
    image.addEventListener("error", () => { if (at === link.href) location.assign(at); });
    image.src = at;
    const keep = dialog.querySelector("a[download]");
    keep.href = at;
    keep.download = link.dataset.picture;
    for (const button of all("[data-turn]", dialog)) button.hidden = !beside(button);
    if (dialog.open) return say(link.dataset.picture);
    frame.replaceChildren();
    dialog.showModal();
  }

  function beside(button) {
    const list = pictures();
    return list[list.findIndex((link) => link.href === at) + Number(button.dataset.turn)];
  }

  function turn(button) {
    const next = beside(button);
    if (!next || button.hidden) return;
    show(next);
    if (button.hidden) dialog.querySelector("[data-turn]:not([hidden])")?.focus();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-picture]");
    const button = event.target.closest("#picture [data-turn]");
    if (button) turn(button);
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    show(link);
  });
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  document.addEventListener("keydown", ({ key }) => {
    const way = dialog.open && { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (way) turn(dialog.querySelector(`[data-turn="${way}"]`));
  });
})();

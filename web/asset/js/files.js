// Sends files ahead of their form: several at once, each with its bar, in pieces, so that what was interrupted
// goes on where it stood. A field is [data-files="address"]; without this script its input does the same, whole.
(() => {
  const piece = 4 << 20;
  const fields = () => all("[data-files]");
  const fieldOf = (node) => node?.closest?.("form")?.querySelector("[data-files]");
  const rowsIn = (form) => all(".file:not([data-state=refused])", form);
  const waiting = (form) => all("[data-files] :is([data-state=busy], [data-state=broke])", form);

  function size(bytes) {
    const units = document.documentElement.lang === "fr" ? ["Ko", "Mo", "Go"] : ["kB", "MB", "GB"];
    let n = bytes / 1024, unit = 0;
    while (n >= 999.5 && unit < 2) { n /= 1024; unit++; }
    return `${new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: n < 10 && unit ? 1 : 0 }).format(Math.max(n, 1))}\u00a0${units[unit]}`;
  }

  function make(tag, attributes = {}, text = "") {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.textContent = text;
    return node;
  }

  const press = (text, name) => make("button", { type: "button", class: "btn", "data-kind": "quiet", "data-size": "s", "aria-label": `${text} ${name}` }, text);

  /** Adds a file's line to the list and begins to send it; one that is there already is not sent twice. */
  function add(field, file) {
    const words = field.dataset;
    const name = file.name || "image.png";
    const mark = `${name} ${file.size} ${file.lastModified}`;
    const held = rowsIn(field);
    if (held.some((row) => row.dataset.mark === mark)) return;
    const row = make("li", { class: "file", "data-state": "busy", "data-mark": mark });
    const bar = make("progress", { max: file.size || 1, value: 0, "aria-label": name });
    const note = make("span", { class: "meta", role: "status" }, words.waits);
    const again = press(words.again, name);
    const drop = press(words.remove, name);
    again.hidden = true;
    row.append(make("span", {}, name), make("span", { class: "meta" }, size(file.size)), bar, note, again, drop);
    field.querySelector("[data-held]").append(row);
    const upload = { field, file, name, row, bar, note, again, request: null, id: "" };
    again.addEventListener("click", () => send(upload, drop));
    drop.addEventListener("click", () => remove(upload));
    if (file.size > Number(words.each)) return stop(upload, words.tooLarge, false);
    if (held.length >= Number(words.most)) return stop(upload, words.tooMany, false);
    send(upload);
  }

  function remove(upload) {
    upload.gone = true;
    upload.request?.abort();
    const next = upload.row.nextElementSibling ?? upload.row.previousElementSibling;
    upload.row.remove();
    (next?.querySelector("button:last-of-type, input") ?? upload.field.querySelector("[type=file]")).focus();
    if (upload.id) fetch(`${upload.field.dataset.files}/${upload.id}/removal`, { method: "POST" }).catch(() => {}); // it is swept in a day
  }

  function stop(upload, text, mayGoOn) {
    upload.row.dataset.state = mayGoOn ? "broke" : "refused";
    upload.note.textContent = text;
    upload.bar.hidden = true;
    upload.again.hidden = !mayGoOn;
  }

  /** Sends what has not come yet, a piece at a time. */
  async function send(upload, focus) {
    const { field, file, name, row, bar, note, again } = upload;
    const words = field.dataset;
    row.dataset.state = "busy";
    focus?.focus();
    again.hidden = true;
    bar.hidden = false;
    note.textContent = words.waits;
    try {
      let at = await begin(upload);
      if (!at || upload.gone) return;
      for (let tries = 0; !at.whole;) {
        const { status, body } = await put(upload, at.received);
        if (upload.gone) return;
        if (status === 422) return stop(upload, body.wrong, false);
        if (status !== 200 && (status !== 409 || ++tries > 3)) throw new Error("broke");
        at = body;
        bar.value = at.received;
      }
      row.dataset.state = "done";
      bar.hidden = true;
      const large = file.size > words.portalBytes || name.length > words.portalName;
      note.textContent = large ? `${words.done}. ${words.portal}` : words.done;
      row.append(make("input", { type: "hidden", name: "held", value: upload.id }));
    } catch {
      if (!upload.gone) stop(upload, words.broke, true);
    }
  }

  async function begin(upload) {
    const { field, file, name } = upload;
    // What came whole while its answer was lost is not begun anew.
    let answer = upload.id && await fetch(`${field.dataset.files}/${upload.id}`);
    if (!answer || answer.status === 404) answer = await fetch(field.dataset.files, { method: "POST",
      body: new URLSearchParams({ name, bytes: file.size, mark: `${file.lastModified}` }) });
    const at = await answer.json(); // a page is none: the session has ended
    if (answer.status === 422) return void stop(upload, at.wrong, false);
    if (!answer.ok) throw new Error("broke");
    upload.id = at.id;
    upload.bar.value = at.received;
    return at;
  }

  function put(upload, from) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest(); // fetch cannot tell how far it is
      upload.request = request;
      request.open("PUT", `${upload.field.dataset.files}/${upload.id}`);
      request.setRequestHeader("Upload-Offset", from);
      request.upload.addEventListener("progress", ({ loaded }) => upload.bar.value = from + loaded);
      request.addEventListener("load", () => {
        try { resolve({ status: request.status, body: JSON.parse(request.responseText) }); } catch (e) { reject(e); }
      });
      for (const end of ["error", "abort", "timeout"]) request.addEventListener(end, reject);
      request.send(upload.file.slice(from, from + piece));
    });
  }

  function take(field, files) {
    field.closest("details")?.setAttribute("open", "");
    for (const file of files) add(field, file);
  }

  // What is dropped beside the forms goes into the one that there is, lest the browser leave the page for it.
  function dropField(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    const [first] = fields();
    if (first) event.preventDefault();
    return fieldOf(event.target) ?? first;
  }

  function aim(field) {
    for (const other of fields()) other.toggleAttribute("data-aimed", other === field);
    field?.closest("details")?.setAttribute("open", "");
  }

  document.addEventListener("change", ({ target }) => {
    const field = target.matches("[data-files] > [type=file]") && target.parentElement;
    if (!field) return;
    take(field, target.files);
    target.value = ""; // else the form sends them once more
  });
  // Office programs copy a picture of a text beside it, plain and formatted: the text is what was meant. A file
  // manager copies a file with its name, a browser a picture with its place.
  document.addEventListener("paste", (event) => {
    const field = fieldOf(event.target);
    const copied = event.clipboardData;
    if (!field || !copied?.files.length || (copied.types.includes("text/plain") && copied.types.includes("text/html"))) return;
    event.preventDefault();
    take(field, copied.files);
  });
  document.addEventListener("dragover", (event) => aim(dropField(event)));
  document.addEventListener("dragleave", (event) => event.relatedTarget || aim());
  document.addEventListener("drop", (event) => {
    const field = dropField(event);
    aim();
    if (field) take(field, event.dataTransfer.files);
  });
  // Before the listener that lets a form go once.
  document.addEventListener("submit", (event) => {
    const [left] = waiting(event.target);
    if (!left) return;
    event.preventDefault();
    const words = fieldOf(left).dataset;
    left.closest("details")?.setAttribute("open", "");
    left.scrollIntoView({ block: "nearest" });
    say(words.unsent);
    left.querySelector("[role=status]").textContent = words.unsent;
  }, true);
})();

// Sends files ahead of their form: several at once, each with its bar, in pieces, so that what was interrupted
// goes on where it stood. A field is [data-files="address"]; without this script its input does the same, whole.
(() => {
  const piece = 4 << 20;
  const fieldOf = (node) => node?.closest("form")?.querySelector("[data-files]");
  const waiting = (form) => form.querySelectorAll("[data-files] [data-state=busy], [data-files] [data-state=broke]");

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

  /** Adds a file's line to the list and begins to send it. */
  function add(field, file) {
    const words = field.dataset;
    const row = make("li", { class: "file", "data-state": "busy" });
    const bar = make("progress", { max: file.size || 1, value: 0, "aria-label": file.name });
    const note = make("span", { class: "meta", role: "status" }, words.waits);
    const again = make("button", { type: "button", class: "btn", "data-kind": "quiet", "data-size": "s", hidden: "" }, words.again);
    const drop = make("button", { type: "button", class: "btn", "data-kind": "quiet", "data-size": "s", "aria-label": `${words.drop} ${file.name}` }, words.drop);
    row.append(make("span", {}, file.name), make("span", { class: "meta" }, size(file.size)), bar, note, again, drop);
    field.querySelector("[data-held]").append(row);
    const upload = { field, file, row, bar, note, again, request: null, id: "" };
    again.addEventListener("click", () => send(upload));
    drop.addEventListener("click", () => {
      row.remove();
      upload.gone = true;
      upload.request?.abort();
      if (upload.id) fetch(`${words.files}/${upload.id}/removal`, { method: "POST" });
    });
    if (file.size > Number(words.each)) return stop(upload, words.tooLarge, false);
    send(upload);
  }

  function stop(upload, text, mayGoOn) {
    upload.row.dataset.state = mayGoOn ? "broke" : "refused";
    upload.note.textContent = text;
    upload.bar.hidden = true;
    upload.again.hidden = !mayGoOn;
  }

  /** Sends what has not come yet, a piece at a time. */
  async function send(upload) {
    const { field, file, row, bar, note, again } = upload;
    const words = field.dataset;
    row.dataset.state = "busy";
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
      note.textContent = words.done;
      row.append(make("input", { type: "hidden", name: "held", value: upload.id }));
    } catch {
      if (!upload.gone) stop(upload, words.broke, true);
    }
  }

  async function begin(upload) {
    const { field, file } = upload;
    const answer = await fetch(field.dataset.files, { method: "POST",
      body: new URLSearchParams({ name: file.name || "image.png", bytes: file.size, mark: `${file.lastModified}` }) });
    const at = await answer.json(); // a page is none: the session has ended
    if (answer.status === 422) return void stop(upload, at.wrong, false);
    if (answer.status !== 201) throw new Error("broke");
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

  document.addEventListener("change", ({ target }) => {
    const field = target.matches("[data-files] > [type=file]") && target.parentElement;
    if (!field) return;
    take(field, target.files);
    target.value = ""; // else the form sends them once more
  });
  document.addEventListener("paste", (event) => {
    const field = fieldOf(event.target);
    if (!field || !event.clipboardData?.files.length) return;
    event.preventDefault();
    take(field, event.clipboardData.files);
  });
  document.addEventListener("dragover", (event) => {
    if (fieldOf(event.target) && event.dataTransfer.types.includes("Files")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const field = fieldOf(event.target);
    if (!field || !event.dataTransfer.files.length) return;
    event.preventDefault();
    take(field, event.dataTransfer.files);
  });
  // Before the listener that lets a form go once.
  document.addEventListener("submit", (event) => {
    const left = waiting(event.target);
    if (!left.length) return;
    event.preventDefault();
    left[0].scrollIntoView({ block: "nearest" });
    say(fieldOf(left[0]).dataset.unsent);
    left[0].querySelector("[role=status]").textContent = fieldOf(left[0]).dataset.unsent;
  }, true);
})();

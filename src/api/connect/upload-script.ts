/**
 * The script of the page for uploads: it lists the browser's time zones, says when the first data has come, sends large
 * files in parts (tus), so that an interrupted one goes on where it stopped, and shows how they are read. Without it the
 * page's forms and a frame do the same, except that a file goes in one piece and its state is that of the last loading.
 */
export const uploadScript = `(() => {
  const field = document.querySelector("input[name=zone]");
  if (field && Intl.supportedValuesOf) {
    const list = document.createElement("select");
    const own = field.value || Intl.DateTimeFormat().resolvedOptions().timeZone;
    for (const name of new Set([own, ...Intl.supportedValuesOf("timeZone")])) list.add(new Option(name));
    list.name = field.name;
    list.value = own;
    field.replaceWith(list);
  }
  const live = document.querySelector("[data-check]");
  const check = async () => {
    const answer = await fetch(live.dataset.check).catch(() => null);
    const said = answer && answer.ok ? await answer.json() : {};
    if (!said.arrived) return setTimeout(check, 4000);
    live.textContent = live.dataset.arrived;
    live.className = "came";
  };
  if (live && live.className !== "came") setTimeout(check, 2000);
  const part = 8 * 1024 * 1024;
  const tus = { "tus-resumable": "1.0.0" };
  const begin = async (url, file, known) => {
    const made = await fetch(url, { method: "POST", headers: { ...known, "upload-length": file.size,
      "upload-metadata": "filename " + btoa(unescape(encodeURIComponent(file.name))) } });
    if (!made.ok) throw made;
    return made.headers.get("location");
  };
  const offsetOf = async (place, known) => {
    const head = await fetch(place, { method: "HEAD", headers: known });
    return head.ok ? Number(head.headers.get("upload-offset")) : null;
  };
  const send = async (form, file, say) => {
    const known = { ...tus, authorization: form.dataset.header };
    const name = ["upload", form.dataset.url, file.name, file.size, file.lastModified].join(" ");
    let place = localStorage.getItem(name);
    let offset = place && await offsetOf(place, known);
    if (offset === null || !place) {
      place = await begin(form.dataset.url, file, known);
      localStorage.setItem(name, place);
      offset = 0;
    }
    for (let tries = 0; offset < file.size;) {
      say(Math.floor(100 * offset / file.size));
      const answer = await fetch(place, { method: "PATCH", body: file.slice(offset, offset + part), headers: {
        ...known, "upload-offset": offset, "content-type": "application/offset+octet-stream" } }).catch(() => null);
      if (answer && answer.ok) {
        offset = Number(answer.headers.get("upload-offset"));
        tries = 0;
        continue;
      }
      if (answer && answer.status < 500 && answer.status !== 409 && answer.status !== 423) throw answer;
      if (++tries > 8) throw answer;
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** tries));
      offset = (await offsetOf(place, known).catch(() => null)) ?? offset;
    }
    localStorage.removeItem(name);
    return place;
  };
  const follow = async (form, place, note) => {
    const said = JSON.parse(form.dataset.said);
    const answer = await fetch(place, { headers: { authorization: form.dataset.header } }).catch(() => null);
    if (answer && answer.ok) {
      const { state, code } = await answer.json();
      const text = state !== "failed" ? said[state] : said[code] || said.failed + code;
      if (note.textContent !== text) note.textContent = text;
      if (state === "failed" || state === "done") return form.querySelector("button").disabled = false;
    } else if (answer && answer.status < 500) return;
    setTimeout(() => follow(form, place, note), 2000);
  };
  for (const form of document.querySelectorAll("form[data-url]")) {
    const [field, button] = [form.querySelector("input[type=file]"), form.querySelector("button")];
    const [bar, note] = [form.querySelector("progress"), form.querySelector("[role=status]")];
    if (form.dataset.following) follow(form, form.dataset.following, note);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const [file] = field.files;
      if (!file) return;
      button.disabled = true;
      bar.hidden = false;
      note.textContent = form.dataset.sending;
      try {
        const place = await send(form, file, (percent) => { bar.value = percent; });
        // The page shows this file again when it is loaded again.
        history.replaceState(null, "", "?upload=" + place.split("/").pop());
        follow(form, place, note);
      } catch {
        note.textContent = form.dataset.failed;
        button.disabled = false;
      }
      bar.hidden = true;
    });
  }
})();`.replaceAll(/\n\s+/g, "\n");

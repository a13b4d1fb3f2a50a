/* Site visits: each entry is kept on the phone first and sent from there, so that nothing
   is lost without a connection. Without this file the form is an ordinary one. */
(function () {
  const root = document.querySelector("[data-visits]");
  if (!root || !("indexedDB" in window) || !window.isSecureContext) return;
  const told = root.dataset;
  const form = document.querySelector("form[data-visit]");
  const box = document.querySelector("[data-waiting]");
  const status = document.querySelector("[data-visit-status]");
  const HIDDEN = ["csrfmiddlewaretoken", "photos"];
  let sending = false;

  if ("serviceWorker" in navigator) navigator.serviceWorker.register(told.worker).catch(() => {});

  function opened() {
    return new Promise((done, failed) => {
      const asked = indexedDB.open("visits", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("waiting", { keyPath: "uuid" });
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
  }

  async function store(mode, work) {
    const base = await opened();
    return new Promise((done, failed) => {
      const step = base.transaction("waiting", mode);
      const asked = work(step.objectStore("waiting"));
      step.oncomplete = () => {
        base.close();
        done(asked.result);
      };
      step.onerror = step.onabort = () => {
        base.close();
        failed(step.error);
      };
    });
  }

  const all = () => store("readonly", (rows) => rows.getAll());
  const keep = (entry) => store("readwrite", (rows) => rows.put(entry));
  const drop = (uuid) => store("readwrite", (rows) => rows.delete(uuid));

  function say(words) {
    status.textContent = words;
    status.hidden = !words;
  }

  function fieldsOf(entry) {
    const body = new FormData();
    for (const [name, value] of entry.fields) body.append(name, value);
    for (const photo of entry.photos) body.append("photos", photo, photo.name || "photo");
    return body;
  }

  async function signedIn() {
    const answer = await fetch(told.token, { redirect: "manual", cache: "no-store" });
    return answer.ok ? answer.json() : null;
  }

  async function sendOne(entry, who) {
    const answer = await fetch(told.send, {
      method: "POST",
      headers: { "X-CSRFToken": who.token },
      body: fieldsOf(entry),
      redirect: "manual",
    });
    if (answer.type === "opaqueredirect") return "signed-out";
    // A server that is being restarted is like no connection: the entry waits.
    if (answer.status >= 500) throw new Error(String(answer.status));
    const json = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    const words = json ? await answer.json() : {};
    if (answer.ok) {
      await drop(entry.uuid);
      return words.url;
    }
    entry.problem = (words.problems || [told.refused]).join(" ");
    await keep(entry);
    return "";
  }

  /* One page sends at a time; the server takes an entry once in any case. */
  async function sendAll(only) {
    if (sending) return "";
    sending = true;
    let last = "";
    try {
      const waiting = (await all()).filter((entry) => !entry.problem || entry.uuid === only);
      if (!waiting.length) return "";
      const who = await signedIn();
      if (!who) {
        say(told.signedOut);
        return "";
      }
      for (const entry of waiting) {
        if (String(entry.person) !== String(who.person)) {
          entry.problem = told.ofAnother;
          await keep(entry);
          continue;
        }
        last = await sendOne(entry, who);
        if (last === "signed-out") {
          say(told.signedOut);
          return "";
        }
      }
      if (!(await all()).length) say(told.arrived);
    } catch (error) {
      say(told.offline);
    } finally {
      sending = false;
      await show();
    }
    return last;
  }

  function button(words, work) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-2 btn-s";
    made.textContent = words;
    made.addEventListener("click", work);
    return made;
  }

  function line(entry) {
    const row = document.createElement("li");
    const name = document.createElement("b");
    name.textContent = entry.label;
    row.append(name, " " + entry.on + " ");
    if (entry.photos.length) row.append("(" + told.photos + ": " + entry.photos.length + ") ");
    if (entry.problem) {
      const problem = document.createElement("p");
      problem.className = "err";
      problem.textContent = entry.problem;
      row.append(problem);
    }
    const mend = document.createElement("a");
    mend.href = entry.page + "#" + entry.uuid;
    mend.textContent = told.mend;
    mend.addEventListener("click", () => setTimeout(mended, 0));
    row.append(mend, " ", button(told.again, () => sendAll(entry.uuid)), " ");
    row.append(
      button(told.remove, async () => {
        if (window.confirm(told.sure)) await drop(entry.uuid).then(show);
      }),
    );
    return row;
  }

  async function show() {
    const waiting = await all();
    box.hidden = !waiting.length;
    const list = box.querySelector("ul");
    list.replaceChildren(...waiting.map(line));
  }

  /* An entry that was refused comes back into its form, with its photos. */
  async function mended() {
    const uuid = window.location.hash.slice(1);
    if (!form || !uuid) return;
    const entry = (await all()).find((one) => one.uuid === uuid);
    if (!entry) return;
    for (const field of form.elements) {
      if (!field.name || HIDDEN.includes(field.name) || field.type === "file") continue;
      const values = entry.fields.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (values.length) field.value = values[0];
    }
    form.dataset.mends = uuid;
    say(told.mending + (entry.photos.length ? " " + told.photos + ": " + entry.photos.length : ""));
    form.elements.on.focus();
  }

  async function entryOf() {
    const body = new FormData(form);
    const before = form.dataset.mends
      ? (await all()).find((one) => one.uuid === form.dataset.mends)
      : null;
    const uuid = before ? before.uuid : crypto.randomUUID();
    body.set("uuid", uuid);
    const fields = [];
    for (const [name, value] of body.entries()) {
      if (!HIDDEN.includes(name) && typeof value === "string") fields.push([name, value]);
    }
    const fresh = body.getAll("photos").filter((photo) => photo.size);
    return {
      uuid: uuid,
      person: body.get("person"),
      page: window.location.pathname,
      label: form.dataset.label || body.get("enterprise"),
      on: body.get("on"),
      fields: fields,
      photos: fresh.length || !before ? fresh : before.photos,
      problem: "",
    };
  }

  if (form) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!form.reportValidity()) return; // said at once, not only when the phone is back
      try {
        const entry = await entryOf();
        await keep(entry);
        delete form.dataset.mends;
        form.reset();
        say(told.kept);
        await show();
        const arrived = await sendAll();
        if (arrived) window.location.assign(arrived);
        else status.focus();
      } catch (error) {
        say(told.notKept); // the phone has no room: what was typed stays in the form
      }
    });
    window.addEventListener("hashchange", mended);
  }
  window.addEventListener("online", () => sendAll());
  show().then(mended).then(() => sendAll());
})();

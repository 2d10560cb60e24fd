/* What all staff pages share: calls, toasts, questions, times, the doorbell, the alarm bar and its sound. It knows no
   conversation. Classic scripts that follow use `Staff`. */
"use strict";

const Staff = (() => {
  const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";
  const bell = new EventTarget();
  const title = document.title;

  /* Calls the API; never throws. `status` 0: the server was not reached. */
  async function call(method, path, body) {
    const headers = { "x-csrf-token": meta("csrf"), accept: "application/json" };
    if (body !== undefined) headers["content-type"] = "application/json";
    try {
      const response = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
      const text = await response.text();
      let data = null;
      try { data = text ? JSON.parse(text) : null; } catch { /* Not ours: a proxy's page. */ }
      if (response.status === 401) signedOut();
      return { ok: response.ok, status: response.status, data };
    } catch {
      return { ok: false, status: 0, data: null };
    }
  }

  /* A piece of a page, or null. */
  async function fragment(url) {
    try {
      const response = await fetch(url, { headers: { "hx-request": "true" } });
      if (response.status === 401) signedOut();
      if (!response.ok) return null;
      const template = document.createElement("template");
      template.innerHTML = await response.text();
      return template.content;
    } catch {
      return null;
    }
  }

  /* Ages tick on the page, so a part counts as changed only where more than an age differs. */
  const bare = (element) => element?.outerHTML.replace(/<time[^>]*>[^<]*<\/time>/g, "");

  /* Fills a board anew; false where it holds the same already, so that nothing moves under whoever is about to press. */
  function fill(board, fresh) {
    const filled = board.cloneNode(false);
    filled.append(fresh);
    if (bare(filled) === bare(board)) return false;
    board.replaceChildren(...filled.childNodes);
    return true;
  }

  function signedOut() {
    location.href = `/login?next=${encodeURIComponent(location.pathname + location.search)}`;
  }

  /* What went wrong, in the server's words where it gave some. */
  function problem(answer) {
    if (answer.status === 0) return "No connection. Nothing was lost; try again.";
    return answer.data?.detail ?? `The server answered ${answer.status}. Try again.`;
  }

  function toast(text, kind = "") {
    const line = document.createElement("p");
    line.className = `toast ${kind}`;
    line.textContent = text;
    document.getElementById("toasts").append(line);
    setTimeout(() => line.remove(), kind === "bad" ? 8000 : 4000);
  }

  const make = (tag, props) => Object.assign(document.createElement(tag), props);

  /* A question in a dialog of its own; gives whether it was answered by its button. */
  function put({ heading, button, danger = false }, content, focused) {
    const dialog = make("dialog");
    const form = make("form", { method: "dialog" });
    const ends = make("div", { className: "ends" });
    const no = make("button", { type: "button", className: "button", textContent: "Cancel" });
    const yes = make("button", { type: "submit", className: `button ${danger ? "danger" : "primary"}`, value: "yes", textContent: button });
    ends.append(no, yes);
    form.append(make("h2", { textContent: heading, id: "ask-title" }), ...content, ends);
    dialog.append(form);
    dialog.setAttribute("aria-labelledby", "ask-title");
    document.body.append(dialog);
    return new Promise((resolve) => {
      no.onclick = () => dialog.close("");
      dialog.onclose = () => {
        resolve(dialog.returnValue === "yes");
        dialog.remove();
      };
      dialog.showModal();
      (focused ?? no).focus();
    });
  }

  /* Asks for a line of text; null when it was called off. */
  async function ask({ label, needed = false, ...question }) {
    const name = make("label", { textContent: label, htmlFor: "ask-text" });
    const field = make("textarea", { id: "ask-text", rows: 3, required: needed, maxLength: 500 });
    field.onkeydown = (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) field.form.requestSubmit(field.form.querySelector("[value=yes]"));
    };
    return (await put(question, [name, field], field)) ? field.value.trim() : null;
  }

  /* Asks before something that cannot be taken back; the keyboard stands on Cancel. */
  const isSure = ({ text, ...question }) => put(question, [make("p", { textContent: text })]);

  /* Before a message is sent again that may have arrived. */
  const isSureOfTwice = () => isSure({
    heading: "Send it again?",
    text: "Nobody knows whether it arrived. If it did, the same words arrive twice.",
    button: "Send again",
  });

  /* Times. */

  function ago(minutes) {
    if (minutes < 1) return "now";
    if (minutes < 60) return `${minutes} min`;
    if (minutes < 1440) return `${Math.floor(minutes / 60)} h`;
    return `${Math.floor(minutes / 1440)} d`;
  }

  function tick() {
    for (const time of document.querySelectorAll("time[data-ago], time[data-wait]")) {
      const minutes = Math.floor((Date.now() - Date.parse(time.dateTime)) / 60000);
      const text = ago(minutes);
      if (time.textContent !== text) time.textContent = text;
      if (time.dataset.wait !== undefined) {
        time.classList.toggle("amber", minutes >= 5 && minutes < 15);
        time.classList.toggle("red", minutes >= 15);
      }
    }
  }

  /* Sound: made here, no file. Browsers allow it only after somebody has touched the page. */

  let audio = null;
  const isSoundOn = () => localStorage.getItem("sound") !== "off";

  function beep(notes) {
    if (!isSoundOn() || !audio || audio.state !== "running") return;
    notes.forEach(([pitch, at, length]) => {
      const wave = audio.createOscillator();
      const loud = audio.createGain();
      const start = audio.currentTime + at;
      wave.frequency.value = pitch;
      loud.gain.setValueAtTime(0.0001, start);
      loud.gain.exponentialRampToValueAtTime(0.25, start + 0.02);
      loud.gain.exponentialRampToValueAtTime(0.0001, start + length);
      wave.connect(loud).connect(audio.destination);
      wave.start(start);
      wave.stop(start + length);
    });
  }

  const softly = () => beep([[660, 0, 0.18], [880, 0.14, 0.25]]);
  const loudly = () => beep([[988, 0, 0.3], [740, 0.3, 0.3], [988, 0.6, 0.3], [740, 0.9, 0.4]]);

  function wakeSound() {
    audio ??= new AudioContext();
    if (audio.state === "suspended") audio.resume().then(() => { if (hasAlarm()) loudly(); });
  }

  function showSound() {
    for (const button of document.querySelectorAll('[data-act="sound"]')) {
      button.textContent = isSoundOn() ? "Sound on" : "Sound off";
      button.setAttribute("aria-pressed", String(isSoundOn()));
    }
  }

  /* The alarm bar and the number in the title. */

  let waiting = null;
  const bar = document.getElementById("alarms");
  const hasAlarm = () => bar.querySelector(".alarm") !== null;

  async function lookForAlarms() {
    const fresh = await fragment(bar.dataset.url);
    if (!fresh) return;
    const names = (place) => [...place.querySelectorAll("[data-alarm]")].map((alarm) => alarm.dataset.alarm);
    const [before, after] = [names(bar), names(fresh)];
    const isNew = after.some((name) => !before.includes(name));
    const count = Number(fresh.getElementById("needing")?.value ?? 0);
    // What stands there already is not read aloud once more.
    if (isNew || after.length !== before.length) bar.replaceChildren(...fresh.childNodes);
    if (isNew) loudly();
    else if (waiting !== null && count > waiting) softly();
    waiting = count;
    document.title = count > 0 ? `(${count > 99 ? "99+" : count}) ${title}` : title;
    tick();
  }

  const lookSoon = later(lookForAlarms, 250);

  /* Runs `job` once things are quiet for `ms`. */
  function later(job, ms) {
    let timer = 0;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(job, ms);
    };
  }

  /* The doorbell. A missed ring heals itself: everything is looked at again whenever the connection is back, and every 20
     seconds, when the server rings for it. */

  let offlineTimer = 0;

  function showOffline(isOffline) {
    clearTimeout(offlineTimer);
    const banner = document.getElementById("offline");
    if (!isOffline) banner.hidden = true;
    else offlineTimer = setTimeout(() => { banner.hidden = false; }, 3000);
  }

  function listen() {
    const source = new EventSource("/inbox/events");
    const ring = (name, detail) => {
      lookSoon();
      bell.dispatchEvent(new CustomEvent(name, { detail }));
    };
    source.addEventListener("open", () => {
      showOffline(false);
      ring("desk", {});
    });
    source.addEventListener("conversation", (event) => ring("conversation", JSON.parse(event.data)));
    source.addEventListener("desk", () => ring("desk", {}));
    source.addEventListener("error", () => {
      showOffline(true);
      if (source.readyState !== EventSource.CLOSED) return;
      // The server said no: the sign-in is over, or it is just starting again.
      setTimeout(async () => {
        await lookForAlarms();
        listen();
      }, 5000);
    });
  }

  /* Requests are closed from several pages. */
  async function closeRequest(id, state, item) {
    let word;
    if (state === "cannot") {
      word = await ask({ heading: `Cannot: ${item}`, label: "A word to the guest, in their language (may stay empty)", button: "Tell the guest" });
      if (word === null) return false;
    }
    const answer = await call("PATCH", `/api/v1/requests/${id}`, { state, word: word || undefined });
    if (!answer.ok) toast(problem(answer), "bad");
    return answer.ok;
  }

  const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable]") !== null;

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (button?.dataset.act === "sound") {
      localStorage.setItem("sound", isSoundOn() ? "off" : "on");
      showSound();
      wakeSound();
      softly();
    }
    if (button?.dataset.act === "help") document.getElementById("help").showModal();
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target) || button) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "?" && !isTyping(event.target) && !document.querySelector("dialog[open]")) {
      document.getElementById("help").showModal();
      event.preventDefault();
    }
    if (event.key === "Escape") document.querySelectorAll("details.menu[open]").forEach((menu) => { menu.open = false; });
  });
  // Desks are shared: what was typed leaves with who typed it.
  document.querySelector('form[action="/logout"]')?.addEventListener("submit", () => {
    for (const [store, start] of [[localStorage, "draft:"], [sessionStorage, "bellhop-draft:"]]) {
      Object.keys(store).filter((key) => key.startsWith(start)).forEach((key) => store.removeItem(key));
    }
  });
  document.addEventListener("pointerdown", wakeSound);
  document.addEventListener("keydown", wakeSound);
  addEventListener("offline", () => showOffline(true));
  addEventListener("online", () => showOffline(false));
  setInterval(tick, 20000);
  setInterval(() => { if (hasAlarm()) loudly(); }, 6000);
  showSound();
  tick();
  listen();

  return { ask, bare, bell, call, closeRequest, fill, fragment, isSure, isSureOfTwice, isTyping, later, lookForAlarms, problem, tick, toast };
})();

/* How long the guest's vendor still takes free words, and after that its approved texts in place of them. Uses Staff and
   Thread; the composer asks it whether words may be sent. */
"use strict";

const Templates = (() => {
  const part = (name) => document.getElementById(name);
  let known = { of: null, list: [] };
  let pending = null;
  let sending = false;

  const remaining = () => {
    const closes = Thread.head().dataset.closes;
    return closes ? Date.parse(closes) - Date.now() : null;
  };

  function inWords(millis) {
    const minutes = Math.max(1, Math.round(millis / 60000));
    return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  }

  /* True: only approved texts pass, and the composer stands back. */
  function draw(isNote, isTheirs) {
    const rest = remaining();
    const isClosed = rest !== null && rest <= 0;
    const line = part("window");
    line.hidden = rest === null;
    line.classList.toggle("over", isClosed);
    line.textContent = rest === null ? "" : isClosed ? "Only approved texts" : `Free words for ${inWords(rest)}`;
    line.title = rest === null ? "" : `The vendor takes free words until ${Thread.head().dataset.closesExact}, 24 hours after the guest's last message`;
    const shown = isClosed && !isNote;
    part("templates").hidden = !shown;
    part("send-template").disabled = sending || isTheirs || known.list.length === 0;
    if (shown && known.of !== Thread.id()) load();
    return shown;
  }

  async function load() {
    const conversation = Thread.id();
    known = { of: conversation, list: [] };
    part("template").replaceChildren();
    part("blanks").replaceChildren();
    part("template-text").textContent = "Looking for the hotel's approved texts …";
    const answer = await Staff.call("GET", `/api/v1/conversations/${conversation}/templates`);
    if (Thread.id() !== conversation) return;
    known.list = answer.ok ? answer.data : [];
    part("template").replaceChildren(...known.list.map(({ name, lang }, place) => new Option(`${name} (${lang})`, String(place))));
    if (known.list.length > 0) choose();
    else part("template-text").textContent = answer.ok ? "The hotel has no approved texts that can be sent from here." : Staff.problem(answer);
    part("send-template").disabled = known.list.length === 0;
  }

  const chosen = () => known.list[Number(part("template").value)];

  function choose() {
    const template = chosen();
    part("template-text").textContent = template.text;
    part("blanks").replaceChildren(...template.blanks.map((blank, place) => {
      const label = document.createElement("label");
      const field = Object.assign(document.createElement("input"), { type: "text", maxLength: 600, required: true, id: `blank-${place}` });
      label.textContent = template.named ? blank : `Blank ${blank}`;
      label.append(field);
      return label;
    }));
  }

  async function send() {
    const template = chosen();
    if (!template || sending) return;
    const conversation = Thread.id();
    const values = [...part("blanks").querySelectorAll("input")].map((field) => field.value);
    const what = JSON.stringify([conversation, template.name, template.lang, values]);
    // The same text that did not get through keeps its key, so that it cannot be said twice.
    if (pending?.what !== what) pending = { what, client_id: crypto.randomUUID?.() ?? String(Math.random()) };
    sending = true;
    part("send-template").disabled = true;
    const { name, lang } = template;
    const answer = await Staff.call("POST", `/api/v1/conversations/${conversation}/templates`, { name, lang, values, client_id: pending.client_id });
    sending = false;
    if (answer.ok) pending = null;
    else Staff.toast(`Not sent. ${Staff.problem(answer)}`, "bad");
    if (Thread.id() !== conversation) return;
    if (answer.ok) choose();
    part("send-template").disabled = false;
    await Thread.refresh();
    if (answer.ok) Thread.toEnd();
    Thread.changed.dispatchEvent(new Event("acted"));
  }

  document.addEventListener("change", (event) => {
    if (event.target.id === "template") choose();
  });
  document.addEventListener("click", (event) => {
    if (event.target.id === "send-template") send();
  });
  // The composer draws; time passes for it too.
  setInterval(() => {
    if (Thread.id() && remaining() !== null) Thread.changed.dispatchEvent(new Event("change"));
  }, 30000);

  return { draw };
})();

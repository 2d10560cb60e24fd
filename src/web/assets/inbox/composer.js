/* What staff write: reply or note, a draft that survives, what it costs, the hotel's own answers. The composer stands in
   the page as long as its conversation does. Uses Staff and Thread. */
"use strict";

const Composer = (() => {
  const part = (name) => document.getElementById(name);
  const key = () => `draft:${Thread.id()}`;
  let sending = false;
  let pending = null;
  let typedAt = 0;
  let answers = null;

  const mode = () => part("composer").dataset.mode;

  function setMode(next) {
    part("composer").dataset.mode = next;
    for (const button of document.querySelectorAll(".mode")) {
      button.setAttribute("aria-pressed", String(button.dataset.mode === next));
    }
    part("text-label").textContent = next === "note" ? "Note among staff" : "Reply to the guest";
    keep();
    draw();
  }

  function write(next) {
    if (!Thread.id()) return;
    setMode(next);
    part("text").focus();
  }

  function keep() {
    const text = part("text").value;
    if (text) localStorage.setItem(key(), JSON.stringify({ text, mode: mode(), pending }));
    else localStorage.removeItem(key());
  }

  function restore() {
    answers = null;
    let draft = null;
    try { draft = JSON.parse(localStorage.getItem(key()) ?? "null"); } catch { /* Not ours any more. */ }
    // What may have been sent already keeps its key, also when the page was loaded anew.
    pending = draft?.pending ?? null;
    part("text").value = draft?.text ?? "";
    setMode(draft?.mode ?? "reply");
    grow();
  }

  /* What the button says and whether it may be pressed. */
  function draw() {
    if (!Thread.id()) return;
    const { status, mine, holderName, blocked } = Thread.head().dataset;
    const isNote = mode() === "note";
    const isTheirs = status === "staff" && mine !== "true";
    const isClosed = Templates.draw(isNote, isTheirs);
    const isBlocked = blocked !== "" && !isNote;
    const send = part("send");
    send.textContent = isNote ? "Add note" : mine === "true" ? "Send" : isTheirs ? `${holderName} has it` : "Take over and reply";
    send.disabled = sending || (isTheirs && !isNote) || isBlocked || isClosed;
    part("text").hidden = isClosed;
    part("blocked").hidden = !isBlocked;
    part("blocked").textContent = isBlocked ? blocked : "";
    part("text").placeholder = isNote ? "Only colleagues read this" : isTheirs ? `${holderName} answers this guest. You can leave a note.` : "Write to the guest";
    count();
  }

  function grow() {
    const text = part("text");
    text.rows = Math.min(12, Math.max(3, text.value.split("\n").length));
  }

  /* The channel's limits, beside what is typed. */
  const count = Staff.later(async () => {
    if (!Thread.id()) return;
    const limits = part("limits");
    const text = part("text").value;
    const { sms, max } = Thread.head().dataset;
    const length = [...text].length;
    limits.classList.toggle("over", mode() === "reply" && length > Number(max));
    if (!text || mode() === "note") limits.textContent = "";
    else if (sms !== "true") limits.textContent = length > Number(max) * 0.8 ? `${length} of ${max}` : "";
    else {
      const answer = await Staff.call("POST", `/inbox/${Thread.id()}/segments`, { text });
      if (!answer.ok || part("text").value !== text) return;
      limits.textContent = answer.data.count === 1 ? `1 SMS · ${length} characters` : `${answer.data.count} SMS · ${length} characters`;
    }
  }, 250);

  async function send() {
    const text = part("text").value.trim();
    if (!text || sending || part("send").disabled) return;
    const conversation = Thread.id();
    const what = mode() === "note" ? "notes" : "messages";
    // The same text that did not get through keeps its key, so that it cannot be said twice.
    if (pending?.text !== text || pending.what !== what) pending = { text, what, client_id: crypto.randomUUID?.() ?? String(Math.random()) };
    keep();
    sending = true;
    draw();
    const answer = await Staff.call("POST", `/api/v1/conversations/${conversation}/${what}`, { text, client_id: pending.client_id });
    sending = false;
    if (answer.ok) {
      localStorage.removeItem(`draft:${conversation}`);
      pending = null;
    }
    if (Thread.id() !== conversation) return;
    if (answer.ok && part("text").value.trim() === text) part("text").value = "";
    if (!answer.ok) Staff.toast(`Not sent. ${Staff.problem(answer)}`, "bad");
    grow();
    draw();
    await Thread.refresh();
    if (answer.ok) {
      Thread.toEnd();
      if (what === "notes") setMode("reply");
    }
    Thread.changed.dispatchEvent(new Event("acted"));
  }

  /* The guest sees that somebody writes. */
  function hint() {
    if (mode() !== "reply" || Thread.head().dataset.mine !== "true" || Date.now() - typedAt < 3000) return;
    typedAt = Date.now();
    Staff.call("POST", `/api/v1/conversations/${Thread.id()}/typing`);
  }

  /* The hotel's own answers: everything after a slash looks for one. */

  async function suggest() {
    const text = part("text").value;
    const box = part("answers");
    if (!text.startsWith("/") || text.includes("\n")) {
      box.hidden = true;
      return;
    }
    if (!answers) {
      const got = await Staff.call("GET", `/inbox/${Thread.id()}/answers`);
      answers = got.ok ? got.data : [];
    }
    const words = text.slice(1).toLowerCase().split(/\s+/).filter(Boolean);
    const holds = (text) => words.every((word) => text.toLowerCase().includes(word));
    // What it is about says more than what stands somewhere in it.
    const titled = answers.filter((answer) => holds(answer.title));
    const others = answers.filter((answer) => !titled.includes(answer) && holds(`${answer.title} ${answer.text}`));
    const found = [...titled, ...others].slice(0, 8);
    box.replaceChildren(...found.map(option));
    box.hidden = found.length === 0;
    select(box.firstElementChild);
  }

  /* The focus stays in the field; a screen reader is told which answer is meant. */
  function select(chosen) {
    for (const other of part("answers").children) other.setAttribute("aria-selected", String(other === chosen));
    if (chosen) part("text").setAttribute("aria-activedescendant", chosen.id);
    else part("text").removeAttribute("aria-activedescendant");
  }

  function option(answer, place) {
    const button = document.createElement("button");
    const line = document.createElement("span");
    button.type = "button";
    button.className = "answer";
    button.role = "option";
    button.id = `answer-${place}`;
    button.tabIndex = -1;
    button.textContent = `${answer.title} (${answer.lang})`;
    line.textContent = answer.text;
    button.append(line);
    button.onclick = () => take(answer.text);
    return button;
  }

  function take(text) {
    part("answers").hidden = true;
    part("text").value = text;
    part("text").focus();
    grow();
    keep();
    count();
  }

  function choose(event) {
    const options = [...part("answers").querySelectorAll(".answer")];
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && options.length > 0) {
      const next = options[(at + move + options.length) % options.length];
      select(next);
      next.scrollIntoView({ block: "nearest" });
    } else if ((event.key === "Enter" || event.key === "Tab") && at >= 0) options[at].click();
    else if (event.key === "Escape") part("answers").hidden = true;
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  document.addEventListener("input", (event) => {
    if (event.target.id !== "text" || !Thread.id()) return;
    grow();
    keep();
    count();
    suggest();
    hint();
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "text") return;
    if (!part("answers").hidden && choose(event)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    }
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "composer") return;
    event.preventDefault();
    send();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".mode");
    if (button) write(button.dataset.mode);
  });
  Thread.changed.addEventListener("open", restore);
  Thread.changed.addEventListener("change", draw);
  if (Thread.id()) Thread.begin();

  return { write };
})();

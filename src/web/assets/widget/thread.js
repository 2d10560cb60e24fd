// The transcript: turns messages into bubbles and keeps the nodes that are already there, so that nothing is announced twice and
// nothing moves that need not. It reads `chat` and sends only what a tapped button says.

const GROUP_GAP_MS = 10 * 60_000;
const shown = new Map(); // key → node

/** Brings the log up to date. Nodes carry `update(entry)`, which changes only what differs. */
function drawThread(log) {
  const entries = threadEntries();
  const wanted = new Set(entries.map((entry) => entry.key));
  for (const [key, node] of shown) {
    if (wanted.has(key)) continue;
    node.remove();
    shown.delete(key);
  }
  const announced = log.getAttribute("aria-live") === "polite";
  let place = log.firstChild;
  for (const entry of entries) {
    const node = shown.get(entry.key) || build(entry, announced);
    node.update(entry);
    if (node === place) place = place.nextSibling;
    else log.insertBefore(node, place);
  }
}

function build(entry, fresh) {
  const node = { notice: buildNotice, time: buildTime, message: buildMessage, chips: buildChips }[entry.kind](entry);
  node.classList.toggle("fresh", fresh);
  shown.set(entry.key, node);
  return node;
}

/** What stands in the log, from top to bottom. */
function threadEntries() {
  const entries = [];
  if (chat.ended) entries.push({ kind: "notice", key: "ended", text: say("ended") });
  entries.push({ kind: "message", key: "greeting", first: true, message: { author: "bot", text: greeting() } });
  let before = entries[entries.length - 1].message;
  const messages = thread();
  for (const message of messages) {
    const pause = isPause(before, message);
    if (pause) entries.push({ kind: "time", key: `time ${message.key}`, at: message.created_at });
    const first = pause || speaker(before) !== speaker(message);
    entries.push({ kind: "message", key: message.key, first, message, last: message === messages[messages.length - 1] });
    before = message;
  }
  if (!messages.some(({ author }) => author === "guest")) entries.push({ kind: "chips", key: "chips" });
  return entries;
}

function greeting() {
  return OPTIONS.greeting || chat.hotel.greeting || say("greeting");
}

function isPause(before, message) {
  if (!before.created_at) return true;
  const [then, now] = [new Date(before.created_at), new Date(message.created_at)];
  return now - then > GROUP_GAP_MS || then.toDateString() !== now.toDateString();
}

/** Who is speaking, in words: "Marta, reception". */
function speaker({ author, author_name }) {
  if (author === "guest") return say("you");
  if (author === "bot") return capital(say("assistant"));
  if (author === "staff") return author_name || say("team");
  return chat.hotel.name || say("team");
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function buildNotice({ text }) {
  const node = el("p", { class: "notice" }, text);
  node.update = () => {};
  return node;
}

function buildTime() {
  const node = el("div", { class: "time" }, el("time"));
  node.update = ({ at }) => {
    setText(node.firstChild, timeText(at));
    node.firstChild.setAttribute("datetime", at);
    node.firstChild.title = exactTime(at);
  };
  return node;
}

function buildChips() {
  const buttons = TEXTS[LANGUAGE].chips.map(([label, sentence]) => {
    return el("button", { type: "button", class: "chip", click: () => sendFromButton(sentence) }, label);
  });
  const node = el("div", { class: "chips" }, ...buttons);
  node.update = () => {};
  return node;
}

function buildMessage({ message }) {
  const who = el("div", { class: "who" });
  const text = el("span", { class: "text", dir: "auto" });
  const bubble = el("div", { class: "bubble" }, text);
  const node = el("div", { class: `message ${message.author}` }, who, bubble);
  const parts = [message.author === "guest" && addTick(node, bubble), message.quote && addQuote(node)].filter(Boolean);
  node.update = (entry) => {
    setText(who, speaker(entry.message));
    who.classList.toggle("sr", !entry.first || message.author === "guest");
    node.classList.toggle("first", Boolean(entry.first));
    if (text.textContent !== entry.message.text) text.replaceChildren(...withLinks(entry.message.text));
    if (entry.message.created_at) bubble.title = exactTime(entry.message.created_at);
    for (const update of parts) update(entry.message);
  };
  return node;
}

/** The state of a guest's message: a clock until the server has it, then ticks; a failed one can be sent again or deleted. */
function addTick(node, bubble) {
  const tick = el("span", { class: "tick", role: "img" }, icon("sending"));
  bubble.append(tick);
  let failed = null;
  return (message) => {
    const state = deliveryState(message);
    if (tick.dataset.state !== state) {
      tick.dataset.state = state;
      tick.setAttribute("aria-label", say(state));
      tick.title = say(state);
      setIcon(tick.firstChild, state);
    }
    if (state === "failed" && !failed) node.append((failed = failedRow(message.item)));
    if (state !== "failed" && failed) failed = failed.remove();
  };
}

function deliveryState({ item, delivery }) {
  if (item) return item.failed ? "failed" : "sending";
  return delivery === "delivered" || delivery === "read" ? delivery : "sent";
}

function failedRow(item) {
  return el(
    "div",
    { class: "failed" },
    el("span", {}, say("failed")),
    el("button", { type: "button", click: () => resend(item) }, say("retry")),
    el("button", { type: "button", click: () => discard(item) }, say("discard")),
  );
}

/** A quote as a card: item, amount and, while it can be answered, two buttons that say yes or no for the guest. */
function addQuote(node) {
  const item = el("span", { class: "item" });
  const total = el("strong", { class: "total" });
  const state = el("div", { class: "state" });
  const yes = el("button", { type: "button", class: "yes", click: () => sendFromButton(say("yes")) });
  const no = el("button", { type: "button", class: "no", click: () => sendFromButton(say("no")) }, say("decline"));
  const actions = el("div", { class: "actions" }, yes, no);
  const card = el("div", { class: "quote", role: "group" }, el("div", { class: "line" }, item, total), state, actions);
  node.append(card);
  return (message) => {
    const { quote } = message;
    const amount = moneyText(quote.total);
    setText(item, quote.quantity > 1 ? `${quote.quantity} × ${quote.item}` : capital(quote.item));
    setText(total, amount);
    setText(yes, say("confirm", { total: amount }));
    setText(state, quote.state === "open" ? "" : say(quote.state));
    card.setAttribute("aria-label", `${item.textContent}, ${amount}`);
    card.dataset.state = quote.state;
    const current = openQuote();
    actions.hidden = !current || current.id !== message.id;
    yes.disabled = no.disabled = isAnswering(message);
  };
}

/** Has the guest just said something to which no answer has come yet? Then a second tap would say it twice. */
function isAnswering(quoteMessage) {
  const messages = thread();
  const last = messages[messages.length - 1];
  return last.author === "guest" && (last.seq > quoteMessage.seq || Boolean(last.item));
}

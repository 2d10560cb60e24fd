// The conversation as this browser knows it: session, messages, outbox. It draws nothing; after every change it calls
// `chat.changed()`. What a guest writes is stored before it is sent and removed only when the server has it.

const TOO_OLD_TO_SEND_MS = 6 * 3600_000;
const OUT = "out.";

const chat = {
  session: null, // {token, conversation, hotel, stay}
  hotel: {}, // {name, accent, greeting}
  status: "bot", // bot | waiting | staff | resolved
  messages: new Map(), // id → message as the server told it, plus `key`, the name of its place on the screen
  held: new Map(), // guest messages that may be one of `pending` whose answer was lost
  pending: new Map(), // client_id → {client_id, text, at, failed, tried, gone}
  lastSeq: 0, // everything up to here has been fetched
  echo: 0, // a guest's message that rang while this page was sending
  seen: 0, // everything up to here has been on the screen
  loaded: false, // the whole history has been fetched
  ended: false, // an earlier session was refused and replaced
  refused: false, // the server will not talk to this page
  failures: 0, // in a row, of anything
  typing: "", // bot | staff | nobody
  open: false, // set by the view
  changed() {},
};

let making = null;
let remakes = 0;
let makeAfter = 0;
let flushing = false;
let sendAfter = 0;
let askedToWait = false; // sendAfter is the server's own Retry-After, which nothing shortens
let sendFailures = 0;

// --- session ---------------------------------------------------------------------------------------------------------------

/** Takes up what an earlier page of this hotel left: session, outbox, how far the guest has read. */
function recall() {
  syncOutbox();
  for (const item of chat.pending.values()) {
    if (Date.now() - item.at > TOO_OLD_TO_SEND_MS) setFailed(item, true);
  }
  const stored = STORE.get("session");
  if (stored && fitsStay(stored)) adopt(stored);
}

/** A page opened by a stay's own link must not go on with a session that was made without it. */
function fitsStay(session) {
  return Boolean(session.token) && (!OPTIONS.stayToken || session.stay === markOf(OPTIONS.stayToken));
}

function adopt(session) {
  if (chat.session && chat.session.token === session.token) return;
  dropSession();
  chat.session = session;
  chat.hotel = session.hotel || {};
  chat.seen = STORE.get("seen") || 0;
  chat.refused = false;
  chat.changed();
  connect();
  flush();
}

function dropSession() {
  disconnect();
  chat.session = null;
  chat.messages.clear();
  chat.held.clear();
  chat.lastSeq = 0;
  chat.echo = 0;
  chat.seen = 0;
  chat.loaded = false;
  chat.status = "bot";
  chat.typing = "";
}

/** Makes a session if there is none; answers whether there is one now. If not, it tries again by itself while it is needed. */
function ensureSession() {
  if (chat.session) return Promise.resolve(true);
  if (Date.now() < makeAfter) return Promise.resolve(false);
  making ||= exclusively("session", makeSession).finally(() => {
    making = null;
  });
  return making;
}

async function makeSession() {
  const stored = STORE.get("session");
  if (stored && fitsStay(stored)) {
    adopt(stored);
    return true;
  }
  const answer = await askForSession();
  if (answer.body && answer.body.token) {
    succeeded();
    startSession(answer.body);
    return true;
  }
  chat.refused = !mayRepeat(answer.status);
  if (!chat.refused) {
    chat.failures += 1;
    makeAgain(answer.wait || backoff(chat.failures));
  }
  chat.changed();
  return false;
}

async function askForSession() {
  const path = `/chat/${encodeURIComponent(OPTIONS.property)}/sessions`;
  const body = { locale: LANGUAGE };
  if (!OPTIONS.stayToken) return request("POST", path, { body });
  const answer = await request("POST", path, { body: { ...body, stay_token: OPTIONS.stayToken } });
  // An expired link must not cost the guest the chat; proof can still be given in words.
  const tokenRefused = [400, 401, 410, 422].includes(answer.status);
  return tokenRefused ? request("POST", path, { body }) : answer;
}

function startSession({ token, conversation, hotel }) {
  const session = { token, conversation, hotel: hotel || {}, stay: markOf(OPTIONS.stayToken) };
  STORE.remove("seen");
  STORE.remove("seq");
  STORE.set("session", session);
  adopt(session);
}

function makeAgain(wait) {
  makeAfter = Date.now() + wait;
  later("session", wait, () => {
    makeAfter = 0;
    if (chat.open || nextUnsent()) ensureSession();
  });
}

/** The server no longer knows this token. What is unsent is kept and goes with the next session. */
function sessionLost(token) {
  if (!chat.session || chat.session.token !== token) return;
  const talked = chat.messages.size > 0;
  dropSession();
  const stored = STORE.get("session");
  if (stored && stored.token === token) STORE.remove("session");
  chat.ended ||= talked;
  makeAgain(remakes ? backoff(remakes) : 0);
  remakes += 1;
  chat.changed();
}

function succeeded() {
  chat.failures = 0;
  chat.refused = false;
}

// --- outbox ----------------------------------------------------------------------------------------------------------------

/** Puts a guest's words into the outbox and on the screen; sending is the outbox's business from then on. */
function enqueue(text) {
  const item = { client_id: randomId(), text, at: Date.now() };
  chat.pending.set(item.client_id, item);
  keep(item);
  STORE.set("used", Date.now());
  chat.changed();
  flush();
}

function keep({ client_id, text, at, failed }) {
  STORE.set(OUT + client_id, { client_id, text, at, failed });
}

function setFailed(item, failed) {
  item.failed = failed;
  if (!failed) item.at = Date.now();
  keep(item);
}

function resend(item) {
  setFailed(item, false);
  chat.changed();
  sendNow();
}

function discard(item) {
  settle(item);
  chat.changed();
}

/** Makes memory agree with storage, where other tabs of this browser write as well. */
function syncOutbox() {
  const kept = new Set();
  for (const key of STORE.keys(OUT)) {
    const item = STORE.get(key);
    if (!item || !item.client_id) continue;
    kept.add(item.client_id);
    const known = chat.pending.get(item.client_id);
    if (known) known.failed = item.failed;
    else chat.pending.set(item.client_id, { ...item, tried: true });
  }
  let gone = false;
  for (const item of chat.pending.values()) {
    item.gone = !kept.has(item.client_id);
    gone ||= item.gone;
  }
  // Another tab has delivered it: it stays on the screen until the history has it, too.
  if (gone) pull();
}

function nextUnsent() {
  return [...chat.pending.values()].filter((item) => !item.failed && !item.gone).sort((a, b) => a.at - b.at)[0];
}

async function flush() {
  if (flushing || !nextUnsent() || Date.now() < sendAfter) return;
  flushing = true;
  const wait = await exclusively("send", sendAll);
  flushing = false;
  if (wait) sendLater(wait);
  else if (chat.session) flush();
}

function sendLater(wait) {
  sendAfter = Date.now() + wait;
  // A timer may fire a little before the clock says so.
  later("flush", wait, () => {
    sendAfter = 0;
    flush();
  });
}

/** The guest or the network gives a reason not to wait any longer. */
function sendNow() {
  if (!askedToWait) sendAfter = 0;
  flush();
}

/** Sends in order, one at a time. Answers how long to wait before going on, or 0. */
async function sendAll() {
  syncOutbox();
  while (nextUnsent()) {
    if (!(await ensureSession())) return 0;
    const wait = await deliver(nextUnsent());
    if (wait) return wait;
  }
  return 0;
}

async function deliver(item) {
  if (!item) return 0;
  const { token } = chat.session;
  item.tried = true;
  const body = { text: item.text, client_id: item.client_id };
  const answer = await request("POST", "/chat/messages", { token, body, keepalive: true });
  if (answer.status >= 200 && answer.status < 300) accepted(item, answer.body, token);
  else if (answer.status === 401) sessionLost(token);
  else if (!mayRepeat(answer.status)) setFailed(item, true);
  else return delayed(answer);
  sendFailures = 0;
  releaseHeld();
  if (chat.echo && !isKnown(chat.echo)) pull(); // it was another page's message
  chat.echo = 0;
  chat.changed();
  return 0;
}

function delayed({ status, wait }) {
  sendFailures += 1;
  askedToWait = wait > 0;
  if (status !== 429) chat.failures += 1;
  chat.changed();
  return wait || backoff(sendFailures);
}

function accepted(item, { message, seq }, token) {
  succeeded();
  settle(item);
  const told = message && typeof message === "object" ? message : { id: message };
  if (!told.id || !chat.session || chat.session.token !== token || chat.messages.has(told.id)) return;
  const { text, at, client_id } = item;
  chat.messages.set(told.id, {
    author: "guest",
    text,
    created_at: new Date(at).toISOString(),
    ...told,
    seq: seq || told.seq,
    key: client_id,
  });
}

function settle(item) {
  chat.pending.delete(item.client_id);
  STORE.remove(OUT + item.client_id);
}

// --- messages --------------------------------------------------------------------------------------------------------------

/** Takes an answer of GET /chat/messages. Repeats are harmless: a message is known by its id. */
function ingest({ status, messages }) {
  succeeded();
  remakes = 0;
  if (status) chat.status = status;
  for (const message of messages || []) {
    take(message);
    chat.lastSeq = Math.max(chat.lastSeq, message.seq);
    if (message.author === chat.typing) chat.typing = "";
  }
  for (const item of chat.pending.values()) {
    if (item.gone) chat.pending.delete(item.client_id);
  }
  releaseHeld();
  if (STORE.get("seq") !== chat.lastSeq) STORE.set("seq", chat.lastSeq);
  chat.changed();
}

function take(message) {
  const known = chat.messages.get(message.id);
  if (known) {
    Object.assign(known, message);
    return;
  }
  const mine = message.client_id && chat.pending.get(message.client_id);
  if (mine) settle(mine);
  else if (message.author === "guest" && unsettled()) {
    chat.held.set(message.id, message);
    return;
  }
  chat.messages.set(message.id, { ...message, key: message.client_id || message.id });
}

/** Is there something that the server may already have, though it has not told us so? */
function unsettled() {
  return [...chat.pending.values()].some((item) => item.tried && !item.failed && !item.gone);
}

function releaseHeld() {
  if (unsettled()) return;
  const held = [...chat.held.values()];
  chat.held.clear();
  held.forEach(take);
}

/** Everything on the screen in its order. What is pending comes last, unless its echo has already shown where it belongs. */
function thread() {
  const echoes = [...chat.held.values()];
  const waiting = [...chat.pending.values()].sort((a, b) => a.at - b.at);
  const placed = waiting.map((item) => {
    const echo = echoes.findIndex((message) => message.text === item.text);
    const seq = echo < 0 ? Infinity : echoes.splice(echo, 1)[0].seq;
    const created_at = new Date(item.at).toISOString();
    return { author: "guest", text: item.text, seq, created_at, key: item.client_id, item };
  });
  return [...chat.messages.values(), ...placed].sort((a, b) => (a.seq === b.seq ? 0 : a.seq - b.seq));
}

function isKnown(seq) {
  return [...chat.messages.values()].some((message) => message.seq === seq);
}

function unreadCount() {
  return [...chat.messages.values()].filter(({ author, seq }) => author !== "guest" && seq > chat.seen).length;
}

function markSeen() {
  if (chat.lastSeq <= chat.seen) return;
  chat.seen = chat.lastSeq;
  STORE.set("seen", chat.seen);
}

/** The only quote that can still be answered: the latest, while it is open. */
function openQuote() {
  const quotes = [...chat.messages.values()].filter((message) => message.quote).sort((a, b) => b.seq - a.seq);
  return quotes.length && quotes[0].quote.state === "open" ? quotes[0] : null;
}

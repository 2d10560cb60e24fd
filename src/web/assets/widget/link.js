// Keeping up with the server: the event stream, the fetch after each ring, polling where streams do not get through, and what
// the other tabs tell. An event is only a doorbell: a ring that is missed heals with the next fetch.

const POLL_OPEN_MS = 5_000;
const POLL_CLOSED_MS = 30_000;
const TYPING_MS = 6_000;
const STABLE_MS = 10_000;
const SLEEP_MS = 60_000;
const RECENT_MS = 24 * 3600_000;
const FULL_PAGE = 50;

let stopStream = null;
let live = false; // a byte has come through the stream
let polling = false;
let streamFailures = 0;
let awake = true;
let pulling = false;
let pullAgain = false;
let pullAfter = 0;

/** Does this page need news now? A closed chat of long ago does not hold a connection on every page of the hotel. */
function needsNews() {
  return Boolean(chat.session) && awake && (chat.open || Date.now() - (STORE.get("used") || 0) < RECENT_MS);
}

/** Subscribes first and fetches then, so that nothing falls between the two. */
function connect() {
  if (stopStream || !needsNews()) return;
  const { token } = chat.session;
  const since = Date.now();
  let mine = true;
  const stop = listen(token, {
    open: pull,
    byte: () => mine && streamLives(),
    event: (event) => mine && heard(event),
    end: (status, wait) => mine && streamEnded(token, status, wait, Date.now() - since),
  });
  stopStream = () => {
    mine = false;
    stop();
  };
  // Until the first byte has come through, a proxy may be holding the stream back.
  startPolling();
}

function streamLives() {
  if (live) return;
  live = true;
  stopPolling();
  pull();
}

function streamEnded(token, status, wait, lasted) {
  stopStream = null;
  live = false;
  if (status === 401) return sessionLost(token);
  streamFailures = lasted > STABLE_MS ? 0 : streamFailures + 1;
  later("connect", wait || backoff(streamFailures), connect);
  startPolling();
}

function disconnect() {
  if (stopStream) stopStream();
  stopStream = null;
  live = false;
  never("connect");
  never("pull");
  stopPolling();
}

function startPolling() {
  if (!polling) later("poll", chat.open ? POLL_OPEN_MS : POLL_CLOSED_MS, poll);
  polling = true;
}

function stopPolling() {
  never("poll");
  polling = false;
}

function poll() {
  polling = false;
  if (live || !needsNews()) return;
  pull();
  startPolling();
}

function heard(event) {
  if (event.typing) {
    chat.typing = event.typing;
    later("typing", TYPING_MS, () => {
      chat.typing = "";
      chat.changed();
    });
    chat.changed();
  }
  // The same seq again: no new message, but its delivery, a quote or who is answering may have changed.
  if (event.seq >= chat.lastSeq && !(event.echo && isOwn(event.seq))) pull();
}

/** Did this page send the message that rings here? While the answer to its sending is awaited, that is still to be seen. */
function isOwn(seq) {
  if (isKnown(seq)) return true;
  if (unsettled()) chat.echo = Math.max(chat.echo, seq);
  return unsettled();
}

/** Fetches what is new; a call during a fetch makes one more fetch after it. */
async function pull() {
  if (!chat.session || Date.now() < pullAfter) return;
  pullAgain = pulling;
  if (pulling) return;
  pulling = true;
  do {
    pullAgain = false;
    await pullOnce();
  } while (pullAgain && chat.session);
  pulling = false;
}

async function pullOnce() {
  const { token } = chat.session;
  const answer = await request("GET", `/chat/messages?after=${newsFrom()}`, { token });
  if (!chat.session || chat.session.token !== token) {
    pullAgain = Boolean(chat.session);
  } else if (answer.status === 200) {
    const { messages } = answer.body;
    const grew = messages.some(({ seq }) => seq > chat.lastSeq);
    chat.loaded ||= !grew;
    ingest(answer.body);
    // Part of the history, or a page that looks full: there may be more behind it.
    pullAgain ||= grew && (!chat.loaded || messages.length >= FULL_PAGE);
  } else if (answer.status === 401) {
    sessionLost(token);
  } else {
    pullFailed(answer);
  }
}

function pullFailed({ status, wait }) {
  pullAfter = Date.now() + wait;
  if (!mayRepeat(status)) {
    chat.refused = true;
    disconnect();
  } else {
    if (status !== 429) chat.failures += 1;
    later("pull", wait || backoff(chat.failures), () => {
      pullAfter = 0;
      pull();
    });
  }
  chat.changed();
}

/** Asks again for an open quote, whose state may have changed, and for all that came after it. */
function newsFrom() {
  const quote = openQuote();
  const near = quote && chat.lastSeq - quote.seq < FULL_PAGE / 2;
  return near ? quote.seq - 1 : chat.lastSeq;
}

/** The guest is here, or the network is back: everything that was waiting goes now. */
function hurry() {
  streamFailures = 0;
  if (chat.open || nextUnsent()) ensureSession();
  if (!live) {
    stopPolling(); // its pace may have changed
    connect();
    if (needsNews()) startPolling();
  }
  pull();
  sendNow();
}

/** Nobody looks at a hidden page, and browsers allow few connections to one server. */
function fallAsleep() {
  awake = false;
  disconnect();
}

function wakeUp() {
  never("sleep");
  awake = true;
  hurry();
  chat.changed();
}

function watchPage() {
  if (document.hidden) later("sleep", SLEEP_MS, fallAsleep);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) later("sleep", SLEEP_MS, fallAsleep);
    else wakeUp();
  });
  addEventListener("pagehide", () => disconnect());
  addEventListener("pageshow", (event) => event.persisted && hurry());
  addEventListener("online", () => {
    chat.changed();
    hurry();
  });
  addEventListener("offline", () => chat.changed());
  addEventListener("storage", (event) => {
    if (event.key && event.key.startsWith(STORE.prefix)) otherTabWrote(event.key.slice(STORE.prefix.length));
  });
}

function otherTabWrote(key) {
  if (key === "session") {
    const session = STORE.get("session");
    if (session && session.token) adopt(session);
  } else if (key === "seen") {
    chat.seen = Math.max(chat.seen, STORE.get("seen") || 0);
  } else if (key === "seq") {
    if (STORE.get("seq") > chat.lastSeq) pull();
  } else if (key.startsWith(OUT)) {
    syncOutbox();
  }
  chat.changed();
}

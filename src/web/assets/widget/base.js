// Bellhop's guest chat, as one plain script without a framework, a cookie or any request but those to its own server:
//
//   <script src="https://bellhop.example/widget.js" data-property="SLUG" defer></script>
//
//   data-property    which hotel (required)
//   data-position    "right" (default) or "left"
//   data-locale      en, es, fr, de, it or pt; without it the guest's browser decides, then the page's language
//   data-accent      a colour as #rgb or #rrggbb; otherwise the hotel's own setting
//   data-greeting    the first words; otherwise the hotel's own setting
//   data-stay-token  a signed token of one stay, from a link in the room or in a confirmation
//
// For the page's own use:
//   Bellhop.open(draft?)  Bellhop.close()  Bellhop.send(text)
//   <button data-bellhop-open="a draft, or nothing">        opens the chat; no script of the page's own is needed
//   document events bellhop:open, bellhop:close, bellhop:unread (detail: {count}); they never carry what was written
//
// It draws in a shadow tree with constructed style sheets, so a page whose policy is
// `script-src <server>; connect-src <server>; style-src 'self'` needs no exception for it.
//
// The files of this folder are joined in this order into one script and one scope:
// texts, style, base, wire, chat, link, parts, thread, view, main.
//
// This file: options, storage, and small tools that know nothing of chat.

const SCRIPT = document.currentScript || document.querySelector("script[data-property][src*='widget.js']");
const OPTIONS = readOptions(SCRIPT);
const LANGUAGE = chooseLanguage([OPTIONS.locale, ...(navigator.languages || []).slice(0, 1), document.documentElement.lang]);
// Dates and money as the guest's own region writes them, if it is the same language.
const REGION = (navigator.languages || []).find((wish) => wish.startsWith(`${LANGUAGE}-`)) || LANGUAGE;
const STORE = openStore(`bellhop.${OPTIONS.property}.`);

const LOCK_PATIENCE_MS = 10_000;
const LONGEST_WAIT_MS = 30_000;

function readOptions(script) {
  const data = script ? script.dataset : {};
  return {
    origin: script ? new URL(script.src, location.href).origin : "",
    property: data.property || "",
    side: /left/.test(data.position || "") ? "left" : "right",
    locale: data.locale || "",
    accent: data.accent || "",
    greeting: data.greeting || "",
    stayToken: data.stayToken || "",
  };
}

/** JSON values in localStorage under a prefix. Where the browser refuses (private mode, quota) a value lives in memory instead. */
function openStore(prefix) {
  const memory = new Map();
  return {
    prefix,
    get(key) {
      if (memory.has(key)) return memory.get(key);
      try {
        return JSON.parse(localStorage.getItem(prefix + key));
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        localStorage.setItem(prefix + key, JSON.stringify(value));
        memory.delete(key);
      } catch {
        memory.set(key, value);
      }
    },
    remove(key) {
      memory.delete(key);
      try {
        localStorage.removeItem(prefix + key);
      } catch {
        // Nothing was kept there.
      }
    },
    keys(start) {
      const found = new Set([...memory.keys()]);
      try {
        for (const key of Object.keys(localStorage)) {
          if (key.startsWith(prefix)) found.add(key.slice(prefix.length));
        }
      } catch {
        // Memory is all there is.
      }
      return [...found].filter((key) => key.startsWith(start));
    },
  };
}

/**
 * Runs `work` in one tab at a time. A tab that the phone has put to sleep may hold the lock for ever, so patience ends:
 * everything done under a lock is harmless when done twice.
 */
async function exclusively(name, work) {
  if (!navigator.locks) return work();
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), LOCK_PATIENCE_MS);
  let entered = false;
  try {
    return await navigator.locks.request(STORE.prefix + name, { signal: patience.signal }, () => {
      entered = true;
      clearTimeout(timer);
      return work();
    });
  } catch (error) {
    if (entered) throw error;
    return work();
  } finally {
    clearTimeout(timer);
  }
}

const timers = new Map();

/** Runs `work` after `ms`; a second call with the same name replaces the first. */
function later(name, ms, work) {
  clearTimeout(timers.get(name));
  timers.set(name, setTimeout(work, ms));
}

function never(name) {
  clearTimeout(timers.get(name));
}

/** Doubling waits with jitter, so that a thousand widgets do not come back in the same second. */
function backoff(failures) {
  const full = Math.min(LONGEST_WAIT_MS, 1000 * 2 ** failures);
  return full * (0.5 + Math.random() / 2);
}

/** 128 random bits as hex; crypto.randomUUID is missing on pages without TLS. */
function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A short mark that tells whether two texts are the same, so that the longer need not be kept (FNV-1a; no secret). */
function markOf(text) {
  let hash = 0x811c9dc5;
  for (const unit of text) hash = Math.imul(hash ^ unit.codePointAt(0), 0x01000193);
  return text && (hash >>> 0).toString(16);
}

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

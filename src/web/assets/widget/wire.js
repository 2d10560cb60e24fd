// The way to the server and nothing more: requests that never throw, and the event stream. It knows no message and no screen.

const REQUEST_MS = 20_000;
const SILENCE_MS = 45_000;

/** Answers `{status, body, wait}`; status 0 is "no usable answer", `wait` the server's Retry-After in milliseconds or 0. */
async function request(method, path, { token, body, keepalive } = {}) {
  const aborter = new AbortController();
  const timer = setTimeout(() => aborter.abort(), REQUEST_MS);
  try {
    const response = await fetch(OPTIONS.origin + path, {
      method,
      headers: headersFor(token, body),
      body: body && JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      keepalive: Boolean(keepalive),
      signal: aborter.signal,
    });
    const answer = parseJson(await response.text());
    // A café's sign-in page answers 200 with HTML; that is not our server.
    const status = response.ok && !answer ? 0 : response.status;
    return { status, body: answer, wait: retryAfter(response) };
  } catch {
    return { status: 0, body: null, wait: 0 };
  } finally {
    clearTimeout(timer);
  }
}

function headersFor(token, body) {
  const headers = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  return headers;
}

/** Retry-After as milliseconds; it comes as seconds or as a date, and only if the server exposes it to other origins. */
function retryAfter(response) {
  const value = response.headers.get("Retry-After");
  if (!value) return 0;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return ms > 0 ? Math.min(ms, 600_000) : 0;
}

/** Is it worth asking again, word for word? */
function mayRepeat(status) {
  return status === 0 || status === 408 || status === 425 || status === 429 || status >= 500;
}

/**
 * Holds the event stream open until it ends, falls silent or is stopped. EventSource cannot send a bearer token, so the
 * stream is read by fetch. Calls `on.open()`, `on.byte()`, `on.event(object)` and, once, `on.end(status, wait)`.
 */
function listen(token, on) {
  const aborter = new AbortController();
  let watchdog;
  const awake = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => aborter.abort(), SILENCE_MS);
  };
  readStream(token, aborter.signal, awake, on).then(([status, wait]) => {
    clearTimeout(watchdog);
    on.end(status, wait);
  });
  return () => aborter.abort();
}

async function readStream(token, signal, awake, on) {
  let status = 0;
  let wait = 0;
  try {
    awake();
    const response = await fetch(`${OPTIONS.origin}/chat/events`, {
      headers: { Accept: "text/event-stream", Authorization: `Bearer ${token}` },
      credentials: "omit",
      cache: "no-store",
      signal,
    });
    status = response.status;
    wait = retryAfter(response);
    if (!response.ok || !response.body) return [status, wait];
    on.open();
    await readEvents(response.body, () => (awake(), on.byte()), on.event);
  } catch {
    // Broken, silent or stopped: whoever listens hears of it by `end`.
  }
  return [status, wait];
}

/** Parses text/event-stream: comments only prove life, `data:` lines of one event are JSON. */
async function readEvents(stream, onByte, onEvent) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let data = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    onByte();
    const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
    rest = lines.pop();
    for (const raw of lines) {
      const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
      if (line.startsWith("data:")) data.push(line.slice(5));
      if (line !== "") continue;
      const event = data.length ? parseJson(data.join("\n")) : null;
      data = [];
      if (event) onEvent(event);
    }
  }
}

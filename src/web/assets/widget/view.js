// The frame around the transcript: round button, dialog, header, banner, composer. Builds it once and draws `chat` into it.

const PHONE = matchMedia("(max-width: 540px), (max-height: 480px)"); // the same words as in style.js
const FINE_POINTER = matchMedia("(pointer: fine)");
const LONGEST_TEXT = 4000;
const NEAR_END_PX = 48;

const ui = {}; // the nodes, by name
let returnFocusTo = null;
let following = true; // the end of the transcript is on the screen
let newer = 0; // arrived while it was not
let drawnSeq = 0;

function buildView() {
  ui.host = document.createElement("bellhop-chat");
  const shadow = ui.host.attachShadow({ mode: "open" });
  addStyle(shadow);
  const side = OPTIONS.side;
  ui.launcher = el("button", { type: "button", class: `launcher ${side}`, "aria-haspopup": "dialog", click: toggle }, icon("chat"));
  ui.badge = el("div", { class: `badge ${side}`, role: "status" });
  ui.dialog = el("dialog", { class: side, "aria-labelledby": "name", "aria-describedby": "sub", tabindex: "-1" });
  ui.dialog.append(buildHeader(), buildBody(), buildComposer());
  ui.dialog.addEventListener("close", closed);
  ui.dialog.addEventListener("keydown", onKey);
  // A page's own shortcuts are not meant for who writes here.
  for (const type of ["keydown", "keyup", "keypress"]) ui.dialog.addEventListener(type, (event) => event.stopPropagation());
  shadow.append(el("div", { class: "root" }, ui.launcher, ui.badge, ui.dialog));
  document.body.append(ui.host);
  watchSize();
}

function addStyle(shadow) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [sheet];
}

function buildHeader() {
  ui.name = el("h2", { id: "name" });
  ui.sub = el("span", { id: "sub", class: "sub" });
  const names = el("div", { class: "names" }, ui.name, ui.sub);
  const ask = () => sendFromButton(say("askPerson"));
  ui.person = el("button", { type: "button", class: "person", click: ask }, icon("person"), say("person"));
  label(ui.person, say("talkToPerson"));
  const close = el("button", { type: "button", class: "close", click: closeChat }, icon("close"));
  label(close, say("closeChat"), "Esc");
  return el("header", {}, names, ui.person, close);
}

function buildBody() {
  ui.banner = el("div", { class: "banner", role: "status" });
  ui.log = el("div", { class: "log", role: "log", "aria-live": "off", "aria-relevant": "additions", tabindex: "0" });
  ui.log.setAttribute("aria-label", say("messages"));
  ui.log.addEventListener("scroll", onScroll, { passive: true });
  ui.newerText = el("span");
  ui.newer = el("button", { type: "button", class: "newer", hidden: true, click: toEnd }, icon("down"), ui.newerText);
  ui.writing = el("div", { class: "sr", role: "status" });
  ui.dots = el("div", { class: "typing", "aria-hidden": "true", hidden: true }, el("i"), el("i"), el("i"));
  ui.body = el("div", { class: "body" }, ui.banner, ui.log, ui.newer, ui.writing, ui.dots);
  return ui.body;
}

function buildComposer() {
  ui.text = el("textarea", { rows: "1", maxlength: LONGEST_TEXT, enterkeyhint: "send", placeholder: say("write"), input: onInput });
  ui.text.setAttribute("aria-label", say("write"));
  ui.text.value = STORE.get("draft") || "";
  ui.send = el("button", { type: "submit", class: "send" }, icon("send"));
  label(ui.send, say("send"), "Enter");
  const submit = (event) => {
    event.preventDefault();
    sendWritten();
  };
  return el("form", { submit }, ui.text, ui.send);
}

function label(button, text, key) {
  button.setAttribute("aria-label", text);
  button.title = key ? `${text} (${key})` : text;
}

// --- opening and closing ---------------------------------------------------------------------------------------------------

function openChat(draft) {
  offerDraft(draft);
  if (!chat.open) {
    const active = document.activeElement;
    returnFocusTo = !active || active === document.body || active === ui.host ? ui.launcher : active;
    chat.open = true;
    STORE.set("used", Date.now());
    showDialog();
    tellPage("open");
  }
  hurry();
  draw();
  toEnd();
  // On a phone the keyboard would cover what there is to read.
  (FINE_POINTER.matches ? ui.text : ui.dialog).focus();
}

/** Modal where it covers the page, so that focus stays inside; beside the page on a desk. */
function showDialog() {
  if (PHONE.matches) ui.dialog.showModal();
  else ui.dialog.show();
  fitKeyboard();
}

function closeChat() {
  if (ui.dialog.open) ui.dialog.close();
}

function closed() {
  if (!chat.open || ui.dialog.open) return; // shown anew in the other mode
  chat.open = false;
  draw();
  const target = returnFocusTo && returnFocusTo.isConnected ? returnFocusTo : ui.launcher;
  target.focus();
  tellPage("close");
}

function toggle() {
  if (chat.open) closeChat();
  else openChat();
}

function onKey(event) {
  if (event.key === "Escape" && !event.isComposing) {
    event.preventDefault();
    closeChat();
  } else if (event.key === "Enter" && event.target === ui.text && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
    event.preventDefault();
    sendWritten();
  }
}

function tellPage(name, detail) {
  document.dispatchEvent(new CustomEvent(`bellhop:${name}`, { detail }));
}

// --- writing ---------------------------------------------------------------------------------------------------------------

function onInput() {
  STORE.set("draft", ui.text.value);
  growText();
}

function setDraft(text) {
  ui.text.value = text;
  onInput();
}

/** A page may suggest words, but not write over the guest's own. */
function offerDraft(words) {
  const ours = ui.text.value === "" || ui.text.value === ui.offered;
  if (typeof words !== "string" || !words || !ours) return;
  ui.offered = words;
  setDraft(words);
}

/** For browsers without field-sizing. */
function growText() {
  if (CSS.supports("field-sizing", "content")) return;
  ui.text.style.height = "auto";
  ui.text.style.height = `${ui.text.scrollHeight + 2}px`;
}

function sendWritten() {
  const text = ui.text.value.trim();
  if (!text) return;
  setDraft("");
  STORE.remove("draft");
  following = true;
  enqueue(text);
  ui.text.focus();
}

/** A button that says something for the guest; it may vanish, so focus goes where the guest can go on. */
function sendFromButton(text) {
  following = true;
  enqueue(text);
  (FINE_POINTER.matches ? ui.text : ui.log).focus();
}

// --- reading position ------------------------------------------------------------------------------------------------------

function onScroll() {
  const { scrollHeight, scrollTop, clientHeight } = ui.log;
  following = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  ui.body.classList.toggle("away", !following);
  if (following) reachedEnd();
}

function toEnd() {
  following = true;
  ui.log.scrollTop = ui.log.scrollHeight;
  reachedEnd();
}

function reachedEnd() {
  newer = 0;
  ui.newer.hidden = true;
  if (chat.open && !document.hidden) markSeen();
}

function countNewer() {
  const arrived = thread().filter(({ author, seq }) => author !== "guest" && seq > drawnSeq && seq <= chat.lastSeq).length;
  drawnSeq = chat.lastSeq;
  newer += arrived;
  setText(ui.newerText, say("unread", { n: newer }));
  ui.newer.hidden = newer === 0;
}

function watchSize() {
  new ResizeObserver(() => following && chat.open && toEnd()).observe(ui.log);
  PHONE.addEventListener("change", () => {
    if (!chat.open) return;
    ui.dialog.close();
    showDialog();
  });
  if (!window.visualViewport) return;
  visualViewport.addEventListener("resize", fitKeyboard);
  visualViewport.addEventListener("scroll", fitKeyboard);
}

/** Where the keyboard lies over the page instead of shrinking it, the dialog takes what is left. */
function fitKeyboard() {
  const covered = PHONE.matches && chat.open && window.visualViewport && visualViewport.height < innerHeight - 1;
  ui.dialog.style.height = covered ? `${visualViewport.height}px` : "";
  ui.dialog.style.top = covered ? `${visualViewport.offsetTop}px` : "";
}

// --- drawing ---------------------------------------------------------------------------------------------------------------

function draw() {
  drawColours();
  drawHeader();
  setText(ui.banner, bannerText());
  drawTyping();
  const firstHistory = chat.loaded && ui.log.getAttribute("aria-live") === "off";
  drawThread(ui.log);
  if (following) {
    drawnSeq = chat.lastSeq;
    if (chat.open) toEnd();
  } else {
    countNewer();
  }
  // What was there before is not news: only what comes after it is announced.
  if (firstHistory) later("announce", 300, () => ui.log.setAttribute("aria-live", "polite"));
  drawBadge();
}

function drawHeader() {
  setText(ui.name, chat.hotel.name || say("title"));
  const roles = { waiting: "waiting", staff: "withPerson" };
  const role = roles[chat.status] || "assistant";
  setText(ui.sub, say(role));
  ui.person.hidden = role !== "assistant";
}

function bannerText() {
  if (navigator.onLine === false) return say("offline");
  if (chat.refused) return say("refused");
  return chat.failures > 1 ? say("trouble") : "";
}

function drawTyping() {
  ui.dots.hidden = !chat.typing;
  setText(ui.writing, chat.typing ? say(chat.typing === "staff" ? "staffWriting" : "botWriting") : "");
}

function drawBadge() {
  const unread = chat.open ? 0 : unreadCount();
  const text = unread ? say("unread", { n: unread }) : "";
  if (ui.badge.dataset.count !== String(unread)) {
    ui.badge.dataset.count = unread;
    const number = unread > 9 ? "9+" : String(unread);
    ui.badge.replaceChildren(...(unread ? [el("span", { "aria-hidden": "true" }, number), el("span", { class: "sr" }, text)] : []));
    tellPage("unread", { count: unread });
  }
  setIcon(ui.launcher.firstChild, chat.open ? "close" : "chat");
  ui.launcher.setAttribute("aria-expanded", String(chat.open));
  label(ui.launcher, chat.open ? say("closeChat") : [say("openChat"), text].filter(Boolean).join(", "));
}

/** The hotel's colour, with text on it and text in it that can be read in both themes. */
function drawColours() {
  const accent = parseColour(OPTIONS.accent) || parseColour(chat.hotel.accent);
  if (!accent || ui.accent === String(accent)) return;
  ui.accent = String(accent);
  const [white, black] = [[255, 255, 255], [20, 22, 26]];
  const set = (name, colour) => ui.host.style.setProperty(name, cssColour(colour));
  set("--accent", accent);
  set("--on-accent", contrast(accent, white) >= 4.5 || contrast(accent, white) >= contrast(accent, black) ? white : black);
  set("--accent-text-light", readable(accent, [237, 235, 229], black));
  set("--accent-text-dark", readable(accent, [37, 41, 47], white));
}

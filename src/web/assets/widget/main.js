// Starts the widget once the page is there, and offers what a page may use.

function start() {
  chat.changed = () => {};
  recall();
  buildView();
  chat.changed = draw;
  watchPage();
  draw();
  connect();
  pull();
  if (nextUnsent()) ensureSession();
  document.addEventListener("click", openFromPage);
}

/** `<button data-bellhop-open="a draft">` anywhere on the page. */
function openFromPage(event) {
  const opener = event.target instanceof Element && event.target.closest("[data-bellhop-open]");
  if (!opener) return;
  event.preventDefault();
  openChat(opener.dataset.bellhopOpen);
}

function sendFromPage(text) {
  const words = String(text || "").trim().slice(0, LONGEST_TEXT);
  openChat();
  if (words) sendFromButton(words);
}

if (!OPTIONS.property) {
  console.error("Bellhop: the script tag needs data-property, and must be an ordinary script");
} else if (!window.Bellhop) {
  window.Bellhop = Object.freeze({ open: openChat, close: closeChat, send: sendFromPage });
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
}

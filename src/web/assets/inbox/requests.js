/* The board of open requests: live, one key for done, one for cannot. Uses Staff. */
"use strict";

(() => {
  const board = document.getElementById("board");
  const cards = () => [...board.querySelectorAll(".card")];

  async function refresh() {
    const fresh = await Staff.fragment(`/inbox/requests/list${location.search}`);
    if (!fresh) return;
    const focused = document.activeElement?.closest?.(".card");
    const at = focused ? cards().indexOf(focused) : -1;
    const top = document.getElementById("main").scrollTop;
    if (!Staff.fill(board, fresh)) return;
    document.getElementById("main").scrollTop = top;
    if (focused) (document.getElementById(focused.id) ?? cards()[Math.min(at, cards().length - 1)])?.focus();
    Staff.tick();
  }

  async function close(card, state) {
    if (!card) return;
    card.classList.add("going");
    const isClosed = await Staff.closeRequest(card.dataset.request, state, card.querySelector(".item").textContent);
    if (isClosed) Staff.toast(state === "done" ? "Done. The guest is told." : "The guest is told.");
    card.classList.remove("going");
    await refresh();
  }

  function move(step) {
    const all = cards();
    const at = all.indexOf(document.activeElement?.closest?.(".card"));
    all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + step))]?.focus();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (button?.dataset.act === "request-done") close(button.closest(".card"), "done");
    if (button?.dataset.act === "request-cannot") close(button.closest(".card"), "cannot");
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || Staff.isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const card = document.activeElement?.closest?.(".card");
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "d" && card) close(card, "done");
    else if (event.key === "c" && card) close(card, "cannot");
    else return;
    event.preventDefault();
  });
  const refreshSoon = Staff.later(refresh, 150);
  Staff.bell.addEventListener("desk", refreshSoon);
  Staff.bell.addEventListener("conversation", refreshSoon);
})();

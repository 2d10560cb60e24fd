/* What did not get through: live, one click sends again, one lets be. Uses Staff. */
"use strict";

(() => {
  const board = document.getElementById("board");

  async function refresh() {
    const fresh = await Staff.fragment(`/inbox/undelivered/list${location.search}`);
    if (!fresh) return;
    const focused = document.activeElement?.closest?.(".card")?.id;
    if (!Staff.fill(board, fresh)) return;
    (focused && document.getElementById(focused))?.focus();
    Staff.tick();
  }

  async function act(button, what, done) {
    const card = button.closest(".card");
    button.disabled = true;
    const answer = await Staff.call("POST", `/api/v1/undelivered/${card.dataset.undelivered}/${what}`);
    if (answer.ok) Staff.toast(done);
    else Staff.toast(Staff.problem(answer), "bad");
    button.disabled = false;
    await refresh();
  }

  async function sendAgain(button) {
    if (button.dataset.doubt === undefined || (await Staff.isSureOfTwice())) await act(button, "retry", "It is on its way again.");
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (button?.dataset.act === "undelivered-retry") sendAgain(button);
    if (button?.dataset.act === "undelivered-let-be") act(button, "let-be", "Off the list.");
  });
  const refreshSoon = Staff.later(refresh, 150);
  Staff.bell.addEventListener("desk", refreshSoon);
  Staff.bell.addEventListener("conversation", refreshSoon);
})();

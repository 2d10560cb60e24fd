/* The open conversation: it is fetched whole once, then only what is new or has changed is put in its place, so that
   nothing jumps and nothing typed is lost. Uses Staff; the composer listens to `Thread.changed`. */
"use strict";

const Thread = (() => {
  const root = document.getElementById("inbox");
  const stage = document.getElementById("stage");
  const changed = new EventTarget();
  let read = { id: null, seq: -1 };
  let opening = 0;
  let away = 0;

  const head = () => document.getElementById("thread-head");
  const timeline = () => document.getElementById("timeline");
  const id = () => document.getElementById("thread")?.dataset.id ?? null;
  const url = (conversation, after) => `/inbox/${conversation}/thread${after === undefined ? "" : `?after=${after}`}`;

  function lastSeq() {
    const seqs = [...timeline().querySelectorAll("[data-seq]")].map((item) => Number(item.dataset.seq));
    return Math.max(0, ...seqs);
  }

  function isAtEnd() {
    const line = timeline();
    return line.scrollHeight - line.scrollTop - line.clientHeight < 80;
  }

  function toEnd() {
    const line = timeline();
    line.scrollTop = line.scrollHeight;
    away = 0;
    showBelow();
  }

  function showBelow() {
    const button = document.getElementById("below");
    button.hidden = away === 0;
    button.textContent = away === 1 ? "1 new message" : `${away} new messages`;
  }

  async function open(conversation, { push = true } = {}) {
    const turn = ++opening;
    const skeleton = setTimeout(() => {
      const box = document.createElement("div");
      box.className = "pane skeleton";
      box.setAttribute("aria-busy", "true");
      box.append(...Array.from({ length: 5 }, () => document.createElement("span")));
      stage.replaceChildren(box);
    }, 300);
    root.dataset.pane = "thread";
    const fresh = await Staff.fragment(url(conversation));
    clearTimeout(skeleton);
    if (turn !== opening) return;
    if (!fresh) {
      stage.replaceChildren(failed(conversation));
      return;
    }
    stage.replaceChildren(fresh);
    if (push && location.pathname !== `/inbox/${conversation}`) history.pushState({ conversation }, "", `/inbox/${conversation}`);
    begin();
  }

  function failed(conversation) {
    const box = document.createElement("section");
    box.className = "pane nothing";
    const text = document.createElement("p");
    text.textContent = "This conversation could not be loaded.";
    const again = document.createElement("button");
    again.className = "button";
    again.textContent = "Try again";
    again.onclick = () => open(conversation);
    box.append(text, again);
    return box;
  }

  /* A conversation has come onto the stage. */
  function begin() {
    htmx.process(stage);
    timeline().addEventListener("scroll", () => { if (isAtEnd() && away > 0) toEnd(); });
    toEnd();
    Staff.tick();
    markRead();
    changed.dispatchEvent(new Event("open"));
  }

  async function refresh() {
    const conversation = id();
    if (!conversation) return;
    const fresh = await Staff.fragment(url(conversation, lastSeq()));
    if (!fresh || id() !== conversation) return;
    const wasAtEnd = isAtEnd();
    const added = reconcile(fresh.getElementById("timeline"));
    for (const part of fresh.querySelectorAll("[data-part]")) replacePart(part);
    if (wasAtEnd) toEnd();
    else if (added > 0) {
      away += added;
      showBelow();
    }
    Staff.tick();
    markRead();
    changed.dispatchEvent(new Event("change"));
  }

  /* Puts new items where their time says, and replaces those that have changed; gives how many messages came. */
  function reconcile(fresh) {
    const line = timeline();
    let added = 0;
    for (const item of [...fresh.children]) {
      const known = document.getElementById(item.id);
      if (known && known.dataset.at === item.dataset.at) {
        if (known.outerHTML !== item.outerHTML && !known.contains(document.activeElement)) known.replaceWith(item);
        continue;
      }
      known?.remove();
      const at = Number(item.dataset.at);
      const next = [...line.children].find((other) => Number(other.dataset.at) > at);
      line.insertBefore(item, next ?? null);
      if (item.classList.contains("message")) added += 1;
    }
    return added;
  }

  function replacePart(part) {
    const known = document.getElementById(part.id);
    if (!known) return;
    const focused = known.contains(document.activeElement) ? document.activeElement : null;
    keepBill(known, part);
    // A list that somebody has open stays until they have chosen.
    if (Staff.bare(known) === Staff.bare(part) || focused?.matches("select")) return;
    known.replaceWith(part);
    htmx.process(part);
    if (focused) (part.querySelector(`[data-act="${focused.dataset.act}"]`) ?? timeline()).focus();
  }

  /* A bill that was asked for stays in the panel until a charge is made or voided. */
  function keepBill(known, part) {
    const bill = known.querySelector("#bill");
    const charges = (panel) => Staff.bare(panel.querySelector("#charges"));
    if (bill?.querySelector("strong") && charges(known) === charges(part)) part.querySelector("#bill")?.replaceWith(bill.cloneNode(true));
  }

  /* Says that somebody has looked, once for each message, and only while the page is in front. */
  async function markRead() {
    const conversation = id();
    if (!conversation || document.visibilityState !== "visible") return;
    const seq = Number(head().dataset.seq);
    if (read.id === conversation && read.seq >= seq) return;
    read = { id: conversation, seq };
    const answer = await Staff.call("POST", `/api/v1/conversations/${conversation}/read`, { seq });
    if (!answer.ok) read = { id: null, seq: -1 };
    else Staff.lookForAlarms();
  }

  /* What the buttons and keys do. */

  async function act(path, body, done) {
    const conversation = id();
    if (!conversation) return;
    const answer = await Staff.call("POST", `/api/v1/conversations/${conversation}/${path}`, body);
    if (answer.ok && done) Staff.toast(done);
    if (!answer.ok) Staff.toast(Staff.problem(answer), "bad");
    await refresh();
    changed.dispatchEvent(new Event("acted"));
  }

  const takeOver = () => act("take-over", { expected_holder: head().dataset.holder || null }, "It is yours. The bot is silent.");
  const handBack = () => act("hand-back", undefined, "Handed back: the bot answers again.");
  const resolve = () => act("resolve", undefined, "Resolved.");

  async function voidCharge(button) {
    const reason = await Staff.ask({ heading: button.dataset.title, label: "Why (for the audit; the guest is told only that it is off the bill)", button: button.dataset.title, needed: true, danger: true });
    if (!reason) return;
    const answer = await Staff.call("POST", `/api/v1/charges/${button.dataset.charge}/void`, { reason });
    Staff.toast(answer.ok ? "Voided. The guest is told." : Staff.problem(answer), answer.ok ? "" : "bad");
    await refresh();
  }

  async function settleEffect(button, was_done) {
    const question = {
      heading: `Not done: ${button.dataset.what}?`,
      text: "Look at the bill and in the hotel's system first. The guest is told that it was not done, and that cannot be taken back here.",
      button: "It was not",
      danger: true,
    };
    if (!was_done && !(await Staff.isSure(question))) return;
    const answer = await Staff.call("POST", `/api/v1/effects/${button.dataset.effect}/settle`, { was_done });
    Staff.toast(answer.ok ? "Settled. The guest is told." : Staff.problem(answer), answer.ok ? "" : "bad");
    await refresh();
  }

  async function sendAgain(button) {
    if (button.dataset.doubt !== undefined && !(await Staff.isSureOfTwice())) return;
    await act(`messages/${button.dataset.message}/retry`, undefined, "Sending it again.");
  }

  async function closeRequest(button, state) {
    if (await Staff.closeRequest(button.dataset.request, state, button.dataset.item)) await refresh();
  }

  function show(pane) {
    root.dataset.pane = pane;
    if (pane === "thread" && id()) toEnd();
  }

  function toList() {
    show("list");
    const row = document.querySelector(".row.open a");
    row?.focus();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (!button) return;
    switch (button.dataset.act) {
      case "take": takeOver(); break;
      case "back": handBack(); break;
      case "resolve": resolve(); break;
      case "retry": sendAgain(button); break;
      case "void": voidCharge(button); break;
      case "settle-done": settleEffect(button, true); break;
      case "settle-not": settleEffect(button, false); break;
      case "request-done": closeRequest(button, "done"); break;
      case "request-cannot": closeRequest(button, "cannot"); break;
      case "to-end": toEnd(); break;
      case "to-panel": show("panel"); break;
      case "to-thread": show("thread"); event.preventDefault(); break;
      case "to-list": toList(); event.preventDefault(); break;
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.id === "assign" && event.target.value) {
      act("assign", { user: event.target.value }, "Assigned.");
    }
  });
  document.addEventListener("visibilitychange", markRead);
  addEventListener("popstate", () => {
    const conversation = location.pathname.match(/^\/inbox\/(cnv_\w+)$/)?.[1];
    if (conversation) open(conversation, { push: false });
    else location.reload();
  });
  const refreshSoon = Staff.later(refresh, 80);
  Staff.bell.addEventListener("desk", refreshSoon);
  Staff.bell.addEventListener("conversation", (event) => {
    if (event.detail.conversation === id()) refreshSoon();
  });

  return { begin, changed, handBack, head, id, open, refresh, resolve, show, takeOver, toEnd, toList };
})();

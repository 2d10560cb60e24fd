/* The list: tabs, search, rows. What is new waits behind a counter while somebody reads further down. Uses Staff and
   Thread. */
"use strict";

const List = (() => {
  const pane = document.getElementById("list");
  const rows = () => document.getElementById("rows");
  const search = () => document.getElementById("q");
  const property = document.body.dataset.property;
  let tab = pane.querySelector(".search").dataset.tab;
  let pending = null;
  let asked = 0;

  function url(extra = {}) {
    const query = new URLSearchParams({ property, tab, q: search().value.trim(), open: Thread.id() ?? "", ...extra });
    return `/inbox/list?${query}`;
  }

  async function refresh({ force = false } = {}) {
    const turn = ++asked;
    const fresh = await Staff.fragment(url());
    if (!fresh || turn !== asked) return;
    pane.querySelector(".tabs").replaceWith(fresh.querySelector(".tabs"));
    if (force || rows().scrollTop < 8) {
      take(fresh);
      return;
    }
    pending = fresh;
    let count = 0;
    for (const row of fresh.querySelectorAll(".row")) {
      const known = document.getElementById(row.id);
      if (!known) count += 1;
      else if (!known.contains(document.activeElement)) known.replaceWith(row.cloneNode(true));
    }
    const button = document.getElementById("new");
    button.hidden = count === 0;
    button.textContent = `${count} new`;
    Staff.tick();
  }

  /* Shows a fresh list from its top; the focus stays on its row. */
  function take(fresh) {
    const focused = document.activeElement?.closest?.(".row")?.id;
    pending = null;
    document.getElementById("new").hidden = true;
    pane.querySelector(".empty")?.remove();
    const empty = fresh.querySelector(".empty");
    rows().replaceWith(fresh.getElementById("rows"));
    if (empty) pane.append(empty);
    if (focused) document.getElementById(focused)?.querySelector("a").focus({ preventScroll: true });
    Staff.tick();
  }

  async function more(button) {
    const fresh = await Staff.fragment(url({ cursor: button.dataset.cursor }));
    if (!fresh) {
      Staff.toast("The next page could not be loaded. Try again.", "bad");
      return;
    }
    button.closest("li").replaceWith(fresh);
    Staff.tick();
  }

  function choose(next) {
    tab = next;
    search().value = "";
    const query = new URLSearchParams({ property, tab });
    if (!Thread.id()) history.replaceState(null, "", `/inbox?${query}`);
    refresh({ force: true });
  }

  function markOpen() {
    const id = Thread.id();
    for (const row of rows().querySelectorAll(".row")) {
      const isOpen = row.id === `row-${id}`;
      row.classList.toggle("open", isOpen);
      row.querySelector("a").toggleAttribute("aria-current", isOpen);
    }
  }

  /* Moves the focus from row to row; begins at the open one. */
  function move(step) {
    const links = [...rows().querySelectorAll(".row a")];
    if (links.length === 0) return;
    const here = links.findIndex((link) => link === document.activeElement);
    const open = links.findIndex((link) => link.parentElement.classList.contains("open"));
    const at = here >= 0 ? here + step : open >= 0 ? open + step : step > 0 ? 0 : links.length - 1;
    const next = links[Math.min(links.length - 1, Math.max(0, at))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest("a[data-id], a[data-tab], a[data-alarm]");
    if (link) {
      event.preventDefault();
      if (link.dataset.tab) choose(link.dataset.tab);
      else Thread.open(link.dataset.id ?? link.dataset.alarm);
    }
    const button = event.target.closest("[data-act]");
    if (button?.dataset.act === "more") more(button);
    if (button?.dataset.act === "show-new" && pending) {
      take(pending);
      rows().scrollTop = 0;
    }
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".search")) return;
    event.preventDefault();
    refresh({ force: true });
  });
  const searchSoon = Staff.later(() => refresh({ force: true }), 250);
  document.addEventListener("input", (event) => {
    if (event.target.id === "q") searchSoon();
  });
  const refreshSoon = Staff.later(refresh, 150);
  Staff.bell.addEventListener("desk", refreshSoon);
  Staff.bell.addEventListener("conversation", refreshSoon);
  Thread.changed.addEventListener("open", markOpen);
  Thread.changed.addEventListener("acted", () => refresh());

  return { move, search };
})();

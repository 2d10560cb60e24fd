// The console's comforts: line numbers, drafts that survive a reload, questions before what cannot be undone, keys.
// Every form works without this script.
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Line numbers: a copy of the text under the field, one block per line, carries them and makes the field as high.
  function numbered(editor) {
    const field = editor.querySelector("textarea");
    const lines = document.createElement("div");
    lines.className = "lines";
    lines.setAttribute("aria-hidden", "true");
    editor.prepend(lines);
    editor.classList.add("lined");
    const draw = () => {
      const wrong = new Set((editor.dataset.errors || "").trim().split(/\s+/).map(Number));
      lines.replaceChildren(...field.value.split("\n").map((text, at) => {
        const line = document.createElement("div");
        line.textContent = text || "\u200b";
        line.classList.toggle("wrong", wrong.has(at + 1));
        return line;
      }));
    };
    field.addEventListener("input", draw);
    editor.addEventListener("redraw", draw);
    draw();
  }

  function goToLine(number) {
    const field = document.getElementById("template");
    const before = field.value.split("\n").slice(0, number - 1).join("\n");
    const start = number > 1 ? before.length + 1 : 0;
    const end = field.value.indexOf("\n", start);
    field.focus({ preventScroll: true });
    field.setSelectionRange(start, end < 0 ? field.value.length : end);
    const line = all(".lines > div")[number - 1];
    if (line) line.scrollIntoView({ block: "center" });
  }

  // A click on a variable writes it where the cursor stands.
  function insertable(name) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name.textContent;
    button.title = "Put it where the cursor is";
    button.addEventListener("click", () => {
      const field = document.getElementById("template");
      field.setRangeText(`{{ ${name.textContent} }}`, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
    name.replaceChildren(button);
  }

  // What is typed survives a reload and a lost connection; secrets are never kept.
  const keyOf = (form) => `bellhop-draft:${document.body.dataset.property}:${form.dataset.draft}`;
  const kept = (form) => all("input, textarea, select", form).filter((field) => field.name && !["hidden", "password", "file"].includes(field.type));
  const valueOf = (field) => (field.type === "checkbox" ? field.checked : field.value);
  const states = new Map();
  const stateOf = (form) => JSON.stringify(kept(form).map((field) => [field.name, valueOf(field)]));

  function keepDraft(form) {
    states.set(form, stateOf(form));
    const refused = document.querySelector(".banner.bad[role=alert]");
    let saved = null;
    try { saved = JSON.parse(sessionStorage.getItem(keyOf(form))); } catch { /* nothing kept */ }
    if (saved && !refused && JSON.stringify(saved) !== states.get(form) && saved.length === kept(form).length) offer(form, saved);
    form.addEventListener("input", () => {
      try { sessionStorage.setItem(keyOf(form), stateOf(form)); } catch { /* no room: the page itself still has it */ }
    });
    form.addEventListener("submit", (event) => {
      const trying = event.submitter && ["preview", "try"].includes(event.submitter.value);
      if (trying) return;
      sessionStorage.setItem(SENT, keyOf(form));
      states.delete(form);
    });
  }

  // A draft is forgotten once the server says that it did its work: a session that has ended loses nothing.
  const SENT = "bellhop-sent";
  function forgetSent() {
    const sent = sessionStorage.getItem(SENT);
    if (sent && document.querySelector("[data-done]")) sessionStorage.removeItem(sent);
    sessionStorage.removeItem(SENT);
  }

  function offer(form, saved) {
    const note = document.createElement("p");
    note.className = "banner note";
    note.textContent = "What you typed here before was not saved. ";
    const put = (text, act) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button small";
      button.textContent = text;
      button.addEventListener("click", () => { act(); note.remove(); });
      note.append(button, " ");
    };
    put("Bring it back", () => {
      kept(form).forEach((field, at) => {
        if (field.type === "checkbox") field.checked = saved[at][1];
        else field.value = saved[at][1];
      });
      all(".editor", form).forEach((editor) => editor.dispatchEvent(new Event("redraw")));
    });
    put("Forget it", () => sessionStorage.removeItem(keyOf(form)));
    form.before(note);
    const closed = form.closest("details:not([open])");
    if (closed) closed.open = true;
  }

  // The form in which somebody writes, or the only one.
  function press(key) {
    const own = document.activeElement.closest("form")?.querySelector(`[data-key=${key}]`);
    const every = all(`[data-key=${key}]`);
    const button = own ?? (every.length === 1 ? every[0] : null);
    if (button) button.click();
    return Boolean(button);
  }

  document.addEventListener("DOMContentLoaded", () => {
    all(".editor").forEach(numbered);
    all(".variables code").forEach(insertable);
    forgetSent();
    all("form[data-draft]").forEach(keepDraft);
    // The address says what was done only once.
    if (document.querySelector("[data-done]")) {
      const here = new URL(location.href);
      here.searchParams.delete("done");
      history.replaceState(null, "", here);
    }
    const named = location.hash && document.getElementById(location.hash.slice(1));
    if (named && named.matches("details")) named.open = true;
    const current = document.querySelector(".pages [aria-current]");
    if (current) current.scrollIntoView({ block: "nearest", inline: "center" });
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    if (link) {
      event.preventDefault();
      goToLine(Number(link.dataset.line));
    }
  });

  document.addEventListener("submit", (event) => {
    const question = event.submitter && event.submitter.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  document.addEventListener("input", (event) => {
    const rows = event.target.dataset.filter;
    if (!rows) return;
    const words = event.target.value.trim().toLowerCase().split(/\s+/);
    const text = (row) => row.textContent.toLowerCase() + all("input, textarea", row).map((field) => field.value).join(" ").toLowerCase();
    all(rows).forEach((row) => { row.hidden = !words.every((word) => text(row).includes(word)); });
  });

  document.addEventListener("keydown", (event) => {
    const withControl = event.ctrlKey || event.metaKey;
    if (withControl && event.key === "Enter" && press("try")) event.preventDefault();
    if (withControl && event.key.toLowerCase() === "s" && press("save")) event.preventDefault();
  });

  window.addEventListener("beforeunload", (event) => {
    const changed = [...states].some(([form, was]) => stateOf(form) !== was);
    if (changed) event.preventDefault();
  });

  // Wrong lines of a prompt are marked after it was tried.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "result") return;
    const editor = document.querySelector(".editor");
    if (editor) {
      editor.dataset.errors = all("[data-line]", event.target).map((link) => link.dataset.line).join(" ");
      editor.dispatchEvent(new Event("redraw"));
    }
    event.target.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    Staff.toast(status === 401 ? "You are signed out. Sign in in another tab, then try again: what you typed is still here." : "That did not work. Try again; what you typed is still here.", "bad");
  });
  document.addEventListener("htmx:sendError", () => Staff.toast("No connection. What you typed is still here; try again.", "bad"));
})();

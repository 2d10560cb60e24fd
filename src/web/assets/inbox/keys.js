/* The inbox by keyboard. Uses Staff, Thread, Composer and List. */
"use strict";

(() => {
  const keys = {
    j: () => List.move(1),
    k: () => List.move(-1),
    r: () => Composer.write("reply"),
    n: () => Composer.write("note"),
    t: () => Thread.takeOver(),
    h: () => Thread.handBack(),
    e: () => Thread.resolve(),
    "/": () => {
      Thread.show("list");
      List.search().focus();
      List.search().select();
    },
  };

  const needsThread = new Set(["r", "n", "t", "h", "e"]);

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") {
      if (Staff.isTyping(event.target)) event.target.blur();
      else if (document.getElementById("inbox").dataset.pane === "panel") Thread.show("thread");
      else Thread.toList();
      return;
    }
    if (Staff.isTyping(event.target)) return;
    const action = keys[event.key];
    if (!action || (needsThread.has(event.key) && !Thread.id())) return;
    event.preventDefault();
    action();
  });
})();

(() => {
  "use strict";
  let opened = null;

  function close(giveFocusBack) {
    if (!opened) return;
    opened.panel.hidden = true;
    opened.button.setAttribute("aria-expanded", "false");
    if (giveFocusBack) opened.button.focus();
    opened = null;
  }

  function open(button) {
    const panel = document.getElementById(button.getAttribute("aria-controls"));
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    opened = { button, panel };
    panel.focus();
  }

  document.addEventListener("click", event => {
    const button = event.target.closest("button[data-cell]");
    if (button) {
      const wasOpen = opened !== null && opened.button === button;
      close(false);
      if (!wasOpen) open(button);
    } else if (event.target.closest("button.close")) {
      close(true);
    }
  });

  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  document.addEventListener("keydown", event => {
    if (event.key === "Escape") {
      close(true);
      return;
    }
    const button = event.target.closest("button[data-cell]");
    const step = steps[event.key];
    if (!button || !step) return;
    event.preventDefault();
    let [label, predicted] = button.dataset.cell.split("-").map(Number);
    const rows = button.closest("tbody").rows.length;
    for (;;) {
      label += step[0];
      predicted += step[1];
      if (label < 0 || predicted < 0 || label >= rows || predicted >= rows) return;
      const next = document.querySelector(`button[data-cell="${label}-${predicted}"]`);
      if (next) {
        next.focus();
        return;
      }
    }
  });
})();

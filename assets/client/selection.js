// Shift-click selects everything between the last selected row and this one.
import { rowOf, rows, sendForm } from "./rows.js";

let anchor = null;

const between = (from, to) => {
  const ids = rows().map((row) => row.dataset.taskId);
  const [first, last] = [ids.indexOf(from), ids.indexOf(to)].sort((a, b) => a - b);
  return first < 0 ? [to] : ids.slice(first, last + 1);
};

const shown = (element) => element.closest("[data-task-list]");

document.addEventListener(
  "click",
  (event) => {
    const row = rowOf(event.target);
    if (!row || !shown(row)) return;
    const selecting = event.target.closest('[data-do="select"]');
    const onTitle = event.target.closest(".task-title");
    if (!selecting && !(onTitle && (event.shiftKey || event.ctrlKey || event.metaKey))) return;
    const id = row.dataset.taskId;
    if (event.shiftKey && anchor && anchor !== id) {
      event.preventDefault();
      event.stopPropagation();
      getSelection()?.removeAllRanges();
      sendForm("select-range", { task_ids: between(anchor, id).join(" ") });
    } else if (onTitle && !selecting) {
      event.preventDefault();
      event.stopPropagation();
      row.querySelector('[data-do="select"]')?.click();
    }
    anchor = id;
  },
  true,
);

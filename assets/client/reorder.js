// Manual order: drag a row by its handle, or move it by Alt and the arrow keys (its move buttons).
import { rowOf, rows, sendForm } from "./rows.js";

let dragged = null;

const inManualOrder = () => document.querySelector('[data-task-list][data-sort="manual"]');

const clear = () => document.querySelectorAll("[data-drop]").forEach((row) => row.removeAttribute("data-drop"));

const dropSide = (row, y) => {
  const { top, height } = row.getBoundingClientRect();
  return y < top + height / 2 ? "before" : "after";
};

// The neighbours as they are on the page; the list may be upside down.
const send = (task, after, before) => {
  const down = inManualOrder()?.dataset.descending !== "true";
  const [low, high] = down ? [after, before] : [before, after];
  sendForm("move-task", {
    task_id: task.dataset.taskId,
    after_id: low?.dataset.taskId ?? "",
    before_id: high?.dataset.taskId ?? "",
  });
};

const put = (task, target, side) => {
  const others = rows().filter((row) => row !== task);
  const place = others.indexOf(target) + (side === "after" ? 1 : 0);
  send(task, others[place - 1], others[place]);
};

document.addEventListener("dragstart", (event) => {
  const row = event.target.closest?.(".task-drag") && rowOf(event.target);
  if (!row || !inManualOrder()) return;
  dragged = row;
  row.dataset.dragging = "true";
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setDragImage(row, 16, 16);
});

document.addEventListener("dragover", (event) => {
  const row = rowOf(event.target);
  if (!dragged || !row || row === dragged) return;
  event.preventDefault();
  clear();
  row.dataset.drop = dropSide(row, event.clientY);
});

document.addEventListener("drop", (event) => {
  const row = rowOf(event.target);
  if (dragged && row && row !== dragged) {
    event.preventDefault();
    put(dragged, row, dropSide(row, event.clientY));
  }
});

document.addEventListener("dragend", () => {
  dragged?.removeAttribute("data-dragging");
  dragged = null;
  clear();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.('[data-do="move-up"], [data-do="move-down"]');
  const row = button && rowOf(button);
  if (!row || !inManualOrder()) return;
  const all = rows();
  const target = all[all.indexOf(row) + (button.dataset.do === "move-up" ? -1 : 1)];
  if (target) put(row, target, button.dataset.do === "move-up" ? "before" : "after");
});

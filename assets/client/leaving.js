// A row that was checked off does not vanish under the eye: a likeness of it, which nobody can click, shows the check
// mark and leaves. The server has been told at once, and the list goes on without it.
import { rowOf } from "./rows.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");
const ANSWER_MS = 3000;
const leaving = new Set();

const expect = (row) => {
  const id = row.dataset.taskId;
  leaving.add(id);
  setTimeout(() => leaving.delete(id), ANSWER_MS);
};

// Shown as checked before the server has answered, and no longer when it refuses.
const check = (box) => {
  const row = rowOf(box);
  const { status } = row.dataset;
  const was = box.getAttribute("aria-checked");
  box.setAttribute("aria-checked", String(was !== "true"));
  setTimeout(() => row.dataset.status === status && box.setAttribute("aria-checked", was), ANSWER_MS);
};

document.addEventListener("click", (event) => {
  const box = event.target.closest?.("[data-task-list] .check");
  if (box) {
    expect(rowOf(box));
    check(box);
  } else if (event.target.closest?.('[data-do="selected-complete"]')) {
    for (const row of document.querySelectorAll('.task[data-task-id][data-selected="true"]')) expect(row);
  }
});

const likeness = (row) => {
  const copy = row.cloneNode(true);
  copy.removeAttribute("data-task-id");
  copy.setAttribute("data-leaving", "true");
  copy.setAttribute("data-selected", "false");
  copy.setAttribute("aria-hidden", "true");
  copy.inert = true;
  copy.querySelector(".check")?.setAttribute("aria-checked", String(row.dataset.status !== "completed"));
  copy.addEventListener("animationend", (event) => event.animationName === "leave" && copy.remove());
  return copy;
};

new MutationObserver((changes) => {
  if (!leaving.size) return;
  for (const { target, removedNodes, nextSibling } of changes) {
    if (!target.matches?.(".task-list")) continue;
    for (const row of removedNodes) {
      if (!leaving.delete(row.dataset?.taskId) || still.matches || !target.isConnected) continue;
      target.insertBefore(likeness(row), nextSibling?.parentNode === target ? nextSibling : null);
    }
  }
}).observe(document.documentElement, { childList: true, subtree: true });

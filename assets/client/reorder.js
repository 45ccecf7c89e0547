// Manual order: drag a row by its handle, or move it by Alt and the arrow keys (its move buttons).
import { focusRow, rowOf, rows, sendForm } from "./rows.js";

const EDGE = 72;
const SCROLL_STEP = 10;
// Longer than any server takes: what is given up after it is a move that changed nothing.
const ANSWER_MS = 8000;
let drag = null;

const inManualOrder = () => document.querySelector('[data-task-list][data-sort="manual"]');

const rowWith = (id) => rows().find((row) => row.dataset.taskId === id);

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

// Dragging, with mouse, pen or finger.

const middle = (row) => {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
};

const showPlace = () => {
  const others = rows().filter((row) => row !== drag.row);
  const next = others.find((row) => middle(row) > drag.y);
  const [target, side] = next ? [next, "before"] : [others.at(-1), "after"];
  if (target === drag.target && side === drag.side) return;
  drag.target?.removeAttribute("data-drop");
  Object.assign(drag, { target, side });
  target?.setAttribute("data-drop", side);
};

const ghostOf = (row) => {
  const ghost = document.createElement("div");
  ghost.className = "drag-ghost";
  ghost.setAttribute("aria-hidden", "true");
  ghost.textContent = row.querySelector(".task-title")?.textContent ?? "";
  document.body.append(ghost);
  return ghost;
};

const scrollNearEdges = () => {
  if (!drag) return;
  const by = drag.y < EDGE ? -SCROLL_STEP : drag.y > innerHeight - EDGE ? SCROLL_STEP : 0;
  if (by && drag.moved) {
    scrollBy(0, by);
    showPlace();
  }
  requestAnimationFrame(scrollNearEdges);
};

const endDrag = () => {
  drag?.row.removeAttribute("data-dragging");
  drag?.target?.removeAttribute("data-drop");
  drag?.ghost?.remove();
  drag = null;
};

document.addEventListener("pointerdown", (event) => {
  const handle = event.button === 0 && event.target.closest?.(".task-drag");
  const row = handle && rowOf(handle);
  if (!row || !inManualOrder()) return;
  event.preventDefault();
  handle.setPointerCapture(event.pointerId);
  drag = { row, y: event.clientY, moved: false };
  requestAnimationFrame(scrollNearEdges);
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  drag.y = event.clientY;
  if (!drag.moved) {
    drag.moved = true;
    drag.row.dataset.dragging = "true";
    drag.ghost = ghostOf(drag.row);
  }
  drag.ghost.style.translate = `${event.clientX + 12}px ${event.clientY - 12}px`;
  showPlace();
});

document.addEventListener("pointerup", () => {
  if (!drag) return;
  const { row, target, side, moved } = drag;
  endDrag();
  if (moved && target) put(row, target, side);
});
document.addEventListener("pointercancel", endDrag);
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || !drag) return;
    event.stopPropagation();
    endDrag();
  },
  true,
);

// Moving by keys. A key that comes before the page shows the last move waits for it, so that holding the key
// carries a row on instead of sending the same move again.

let steps = [];
let sentFrom = "";
let timer = 0;

const order = () => rows().map((row) => row.dataset.taskId).join();

const awaitChange = () => {
  sentFrom = order();
  timer = setTimeout(settle, ANSWER_MS);
};

// Further tasks on that side of the window, if there are any.
const showMore = (row, step) => {
  const side = step < 0 ? Node.DOCUMENT_POSITION_PRECEDING : Node.DOCUMENT_POSITION_FOLLOWING;
  const more = Array.from(document.querySelectorAll("[data-more]")).find((button) => row.compareDocumentPosition(button) & side);
  more?.click();
  return Boolean(more);
};

const takeStep = () => {
  if (sentFrom || !steps.length) return;
  const { id, step } = steps[0];
  const all = rows();
  const row = rowWith(id);
  const target = all[all.indexOf(row) + step];
  if (row && target) {
    steps.shift();
    awaitChange();
    put(row, target, step < 0 ? "before" : "after");
  } else if (row && showMore(row, step)) awaitChange();
  else steps = [];
};

const settle = () => {
  clearTimeout(timer);
  const unchanged = order() === sentFrom;
  sentFrom = "";
  if (unchanged) steps = [];
  takeStep();
};

let moving = "";
new MutationObserver(() => {
  if (!sentFrom || order() === sentFrom) return;
  // A row that is moved in the page loses the focus.
  const row = rowWith(moving);
  if (row && !row.contains(document.activeElement)) focusRow(row);
  row?.scrollIntoView({ block: "nearest" });
  settle();
}).observe(document.documentElement, { childList: true, subtree: true });

document.addEventListener("click", (event) => {
  const button = event.target.closest?.('[data-do="move-up"], [data-do="move-down"]');
  const row = button && rowOf(button);
  if (!row || !inManualOrder()) return;
  moving = row.dataset.taskId;
  steps.push({ id: moving, step: button.dataset.do === "move-up" ? -1 : 1 });
  takeStep();
});

// On touch screens: swipe a row to the right to complete it, to the left to choose a date.
import { control, rowOf } from "./rows.js";

const FAR_ENOUGH = 72;
let start = null;

document.addEventListener(
  "touchstart",
  (event) => {
    const row = rowOf(event.target);
    const touch = event.touches[0];
    start = row && event.touches.length === 1 ? { row, x: touch.clientX, y: touch.clientY, x1: touch.clientX } : null;
  },
  { passive: true },
);

document.addEventListener(
  "touchmove",
  (event) => {
    if (!start) return;
    const touch = event.touches[0];
    if (Math.abs(touch.clientY - start.y) > 24) return reset();
    start.x1 = touch.clientX;
    const by = start.x1 - start.x;
    start.row.style.setProperty("--swipe", `${by}px`);
    start.row.dataset.swipe = by > 0 ? "complete" : "date";
  },
  { passive: true },
);

const reset = () => {
  start?.row.style.removeProperty("--swipe");
  start?.row.removeAttribute("data-swipe");
  start = null;
};

document.addEventListener("touchend", () => {
  if (!start) return;
  const { row, x, x1 } = start;
  reset();
  if (x1 - x > FAR_ENOUGH) control("complete", row)?.click();
  else if (x - x1 > FAR_ENOUGH) control("date", row)?.click();
});
document.addEventListener("touchcancel", reset);

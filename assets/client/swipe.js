// On touch screens: swipe a row to the right to complete it, to the left to choose a date.
import { control, rowOf } from "./rows.js";

const FAR_ENOUGH = 72;
const FARTHEST = 120;
// A finger that goes further down than across scrolls the page.
const DECIDED = 10;
let swipe = null;

const reset = () => {
  swipe?.row.style.removeProperty("--swipe");
  swipe?.row.removeAttribute("data-swipe");
  swipe?.row.removeAttribute("data-swipe-far");
  swipe = null;
};

const canSwipe = (event, row) =>
  row && event.touches.length === 1 && !row.dataset.trash && !event.target.closest(".task-drag, .task-select");

document.addEventListener(
  "touchstart",
  (event) => {
    reset();
    const row = rowOf(event.target);
    const { clientX, clientY } = event.touches[0];
    if (canSwipe(event, row)) swipe = { row, x: clientX, y: clientY, by: 0, decided: false };
  },
  { passive: true },
);

const decide = (across, down) => {
  if (Math.abs(down) > DECIDED && Math.abs(down) > Math.abs(across)) return reset();
  swipe.decided = Math.abs(across) > DECIDED;
};

document.addEventListener(
  "touchmove",
  (event) => {
    if (!swipe) return;
    const { clientX, clientY } = event.touches[0];
    const across = clientX - swipe.x;
    if (!swipe.decided) decide(across, clientY - swipe.y);
    if (!swipe?.decided) return;
    swipe.by = Math.max(-FARTHEST, Math.min(FARTHEST, across));
    swipe.row.style.setProperty("--swipe", `${swipe.by}px`);
    swipe.row.dataset.swipe = swipe.by > 0 ? "complete" : "date";
    swipe.row.toggleAttribute("data-swipe-far", Math.abs(swipe.by) >= FAR_ENOUGH);
  },
  { passive: true },
);

document.addEventListener("touchend", () => {
  if (!swipe) return;
  const { row, by } = swipe;
  reset();
  if (by >= FAR_ENOUGH) control("complete", row)?.click();
  else if (by <= -FAR_ENOUGH) control("date", row)?.click();
});
document.addEventListener("touchcancel", reset);

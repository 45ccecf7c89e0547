// Long lists come in windows that slide over them. What one looks at stays where it is while rows come and go above
// it, the list goes on before one reaches its end, and opening a task does not lose the place.
import { rows } from "./rows.js";

const AHEAD_PX = 800;
// An answer takes milliseconds; after this the button may be pressed again.
const ANSWER_MS = 5000;
const HEADROOM_PX = 56;
const ANCHORS = CSS.supports("overflow-anchor", "auto");

let seen = [];
let heading = "down";
let asked = 0;
let place = "";

const list = () => document.querySelector("[data-task-list]");

// The address without the task that is open beside the list.
const listAddress = () => {
  const query = new URLSearchParams(location.search);
  query.delete("task");
  return `${location.pathname}?${query}`;
};

const start = () => {
  place = listAddress();
  heading = "down";
};

// The router goes to the top, or back to where one was, whenever the address changes, even if only another task is
// open: then the list stays where it is. Nobody else calls this with two numbers, and the router once for each address.
let routed = listAddress();
const scrollAnywhere = globalThis.scrollTo;
globalThis.scrollTo = (...to) => {
  const before = routed;
  if (to.length === 2) routed = listAddress();
  if (to.length !== 2 || routed !== before) scrollAnywhere(...to);
};

const look = () => {
  seen = [];
  for (const row of rows()) {
    const { top, bottom } = row.getBoundingClientRect();
    if (bottom > HEADROOM_PX && top < innerHeight) seen.push([row.dataset.taskId, top]);
  }
};

// How far the rows that were seen have moved on the screen; a slide of the window moves none.
const moved = () => {
  const now = new Map(rows().map((row) => [row.dataset.taskId, row]));
  for (const [id, top] of seen) if (now.has(id)) return now.get(id).getBoundingClientRect().top - top;
  return 0;
};

const goOn = () => {
  if (Date.now() - asked < ANSWER_MS) return;
  const [before, after] = ["before", "after"].map((side) => document.querySelector(`[data-more="${side}"]`));
  const button =
    heading === "up"
      ? before && before.getBoundingClientRect().bottom > -AHEAD_PX && before
      : after && after.getBoundingClientRect().top < innerHeight + AHEAD_PX && after;
  if (!button) return;
  asked = Date.now();
  // At the very top browsers don't hold on to what is seen.
  if (button === before && scrollY < 1) scrollTo({ top: 1, behavior: "instant" });
  button.click();
};

addEventListener(
  "scroll",
  () => {
    if (listAddress() !== place) {
      start();
      return look();
    }
    const by = moved();
    if (by) heading = by < 0 ? "down" : "up";
    look();
    goOn();
  },
  { passive: true },
);

const watch = new MutationObserver((changes) => {
  if (!changes.some(({ target }) => target.closest?.("[data-task-list]"))) return;
  if (listAddress() !== place) start();
  else if (!ANCHORS && scrollY > 0) scrollBy({ top: moved(), behavior: "instant" });
  asked = 0;
  look();
  goOn();
});
watch.observe(document.documentElement, { childList: true, subtree: true });
addEventListener("resize", () => list() && (look(), goOn()));

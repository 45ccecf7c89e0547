// The keyboard. Every key works a control that is on the page, found by its data-do.
import { control, focusedRow, focusRow, rows, visible } from "./rows.js";

// How long a slow server may take to answer a key.
const ANSWER_MS = 10_000;

const isTyping = (element) =>
  element instanceof HTMLElement &&
  (element.isContentEditable || /^(TEXTAREA|SELECT)$/.test(element.tagName) ||
    (element.tagName === "INPUT" && !/^(checkbox|radio|button)$/.test(element.type)));

const press = (action, within) => {
  const button = control(action, within);
  if (!button) return false;
  button.click();
  return true;
};

const focus = (selector) => {
  const field = Array.from(document.querySelectorAll(selector)).find(visible);
  field?.focus();
  return Boolean(field);
};

// The row with the focus, or the one that is open while the focus is in its panel.
const currentRow = () =>
  focusedRow() ?? (document.activeElement?.closest(".details") ? document.querySelector('.task[data-open="true"]') : null);

const step = (direction) => {
  const all = rows();
  const here = all.indexOf(currentRow());
  const next = here < 0 ? all[0] : all[Math.min(all.length - 1, Math.max(0, here + direction))];
  focusRow(next);
  next?.scrollIntoView({ block: "nearest" });
  return Boolean(next);
};

// After a row went away the next one takes the focus, so that one can work down a list.
const keepPlace = (work) => {
  const place = rows().indexOf(currentRow());
  if (!work()) return false;
  const list = document.querySelector("[data-task-list]");
  if (!list || place < 0) return true;
  const observer = new MutationObserver(() => {
    if (document.activeElement !== document.body) return;
    observer.disconnect();
    const left = rows();
    focusRow(left[Math.min(place, left.length - 1)]);
  });
  observer.observe(list, { childList: true, subtree: true });
  setTimeout(() => observer.disconnect(), ANSWER_MS);
  return true;
};

const onRow = (action) => () => keepPlace(() => press(action, currentRow()) || press(`selected-${action}`));

const PAGE_KEYS = {
  q: () => press("quick-add") || focus("#quick-add-input"),
  "/": () => focus("#search-input"),
  "?": () => press("help"),
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: () => (focusedRow() ? step(1) : false),
  ArrowUp: () => (focusedRow() ? step(-1) : false),
  c: onRow("complete"),
  x: () => press("select", currentRow()),
  e: () => press("open", currentRow()),
  d: () => press("date", currentRow()) || press("selected-date"),
  p: () => press("priority", currentRow()) || press("selected-priority"),
  t: () => press("tags", currentRow()) || press("selected-tags"),
  m: () => press("more", currentRow()),
  r: () => press("repeat", currentRow()),
  ">": onRow("skip"),
  Delete: onRow("delete"),
  Backspace: onRow("delete"),
  z: () => press("undo"),
  f: () => press("filter"),
  s: () => press("sort"),
  n: () => press("bell"),
  a: () => press("assistant"),
  Escape: () => press("clear-selection") || press("close-assistant") || press("close-details"),
};

const GO_KEYS = { t: "today", u: "upcoming", i: "inbox", a: "all", c: "completed" };
let going = 0;

const onGo = (key) => {
  const began = going;
  going = 0;
  const list = GO_KEYS[key];
  return Boolean(list) && Date.now() - began < 1000 && (document.querySelector(`[data-list="${list}"]`)?.click(), true);
};

const onKeyDown = (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const modifier = event.ctrlKey || event.metaKey;
  if (event.altKey && /^Arrow(Up|Down)$/.test(event.key) && focusedRow()) {
    if (press(event.key === "ArrowUp" ? "move-up" : "move-down", focusedRow())) event.preventDefault();
    return;
  }
  if (isTyping(event.target) || event.target.closest?.("dialog, [popover]")) return;
  if (modifier && event.key === "a" && rows().length) {
    if (press("select-all")) event.preventDefault();
    return;
  }
  if (modifier || event.altKey) return;
  if (going && onGo(event.key)) return event.preventDefault();
  if (event.key === "g") {
    going = Date.now();
    return;
  }
  if (PAGE_KEYS[event.key]?.()) event.preventDefault();
};

document.addEventListener("keydown", onKeyDown);

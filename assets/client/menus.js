// Menus that many rows share: a button opens one beside itself, and says for which task.
// The page reads the task from `punctual.target` when an item is chosen.
import { control, focusRow, rowOf, visible } from "./rows.js";

const GAP = 4;
const EDGE = 8;

globalThis.punctual = { target: "" };

// Beside a button that is not shown, as on touch screens, its row stands for it.
const standIn = (button) => (visible(button) ? button : (rowOf(button) ?? button));

const place = (menu, button) => {
  const at = standIn(button).getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = at.bottom + GAP + height <= innerHeight - EDGE;
  const top = below ? at.bottom + GAP : Math.max(EDGE, at.top - GAP - height);
  const edge = button.dataset.align === "start" ? at.left : at.right - width;
  const left = Math.min(Math.max(EDGE, edge), innerWidth - width - EDGE);
  menu.style.setProperty("--menu-top", `${top}px`);
  menu.style.setProperty("--menu-left", `${Math.max(EDGE, left)}px`);
};

// What fills itself after it was opened, like the date picker, is placed anew.
const placeAnew = new ResizeObserver(([entry]) => {
  const menu = entry.target;
  if (menu.matches(":popover-open") && menu.opener?.isConnected) place(menu, menu.opener);
});

const items = (menu) => Array.from(menu.querySelectorAll(":is(button:not(:disabled), a[href], input, select):not([hidden])"));

const giveBack = (opener) => (visible(opener) ? opener.focus() : focusRow(rowOf(opener)));

const open = (button) => {
  const menu = document.getElementById(button.dataset.menu);
  if (!menu) return;
  if (menu.matches(":popover-open")) return menu.hidePopover();
  // An item of a menu opens another one in its place, for the same task.
  const outer = "keepTarget" in button.dataset ? button.closest("[popover]") : null;
  const opener = outer?.opener ?? button;
  // Closed before the other one takes the focus, so that this one gives it back to where it was.
  outer?.hidePopover();
  globalThis.punctual.target = opener.dataset.target ?? rowOf(opener)?.dataset.taskId ?? "";
  // What this row can't do is not offered.
  for (const item of menu.querySelectorAll("[data-if]")) item.hidden = !control(item.dataset.if, rowOf(opener));
  menu.dispatchEvent(new CustomEvent("punctual:open", { detail: opener }));
  menu.showPopover();
  place(menu, opener);
  menu.opener = opener;
  placeAnew.observe(menu);
  (menu.querySelector("[autofocus]") ?? items(menu)[0])?.focus();
};

// The second click of a double click would choose an item twice, or what lies under a menu that has just gone.
let firstIn = null;
document.addEventListener(
  "click",
  (event) => {
    const menu = event.target.closest?.("[popover]") ?? null;
    if (event.detail < 2) {
      firstIn = menu;
      return;
    }
    if (!event.target.closest?.("[popover] [data-choose]") && (!firstIn || firstIn === menu)) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-menu]");
  if (button) {
    event.preventDefault();
    event.stopPropagation();
    open(button);
    return;
  }
  // Choosing an item puts the menu away, unless it is one to choose several from.
  const item = event.target.closest?.("[popover] [data-choose]");
  if (item) item.closest("[popover]").hidePopover();
});

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!menu.matches?.("[popover]")) return;
    menu.opener?.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState === "closed") placeAnew.unobserve(menu);
    if (event.newState === "closed" && menu.contains(document.activeElement)) giveBack(menu.opener);
  },
  true,
);

document.addEventListener("keydown", (event) => {
  // Other panels have keys of their own: a month, a list to search in, fields.
  const menu = event.target.closest?.('[popover][role="menu"]');
  if (!menu || !/^(ArrowDown|ArrowUp|Home|End)$/.test(event.key)) return;
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "checkbox") return;
  const all = items(menu);
  const here = all.indexOf(document.activeElement);
  const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 }[event.key];
  all[(next + all.length) % all.length]?.focus();
  event.preventDefault();
});

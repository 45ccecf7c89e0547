// Where the focus goes when the details panel opens and closes, and what lies under a drawer or a sheet and so can't
// be reached meanwhile.
import { focusRow } from "./rows.js";

const isTyping = (element) => element?.matches?.("textarea, select, input:not([type='checkbox'])");
// As in the stylesheets: below the first the panel covers everything, below the second the sidebar is a drawer.
const asSheet = matchMedia("(max-width: 640px)");
const asDrawer = matchMedia("(max-width: 960px)");

const setInert = (element, value) => {
  if (element && element.inert !== value) element.inert = value;
};

const cover = () => {
  const app = document.querySelector(".app");
  if (!app) return;
  const drawer = asDrawer.matches && app.dataset.drawer === "open";
  const sheet = asSheet.matches && (app.dataset.details === "open" || app.dataset.assistant === "open");
  // Not the menus, which also open over a sheet.
  for (const part of app.querySelectorAll(".skip-link, .topbar, .column > :not(.menus)")) setInert(part, drawer || sheet);
  setInert(app.querySelector(":scope > .details"), drawer);
  setInert(app.querySelector(":scope > .assistant"), drawer);
};

let opened = "";
let drawer = "closed";

const followPanel = () => {
  const panel = document.querySelector(".details[data-task-details]");
  const id = panel?.dataset.taskDetails ?? "";
  if (id === opened) return;
  const before = opened;
  opened = id;
  const active = document.activeElement;
  if (id) {
    // Whoever types goes on typing; and a page that was just loaded takes nobody's focus.
    if (!isTyping(active) && active !== document.body) panel.focus({ preventScroll: true });
  } else if (active === document.body || !active?.isConnected) {
    const row = document.querySelector(`.task[data-task-id="${CSS.escape(before)}"]`);
    if (row) focusRow(row);
    else document.getElementById("main")?.focus({ preventScroll: true });
  }
};

const followDrawer = () => {
  const now = document.querySelector(".app")?.dataset.drawer ?? "closed";
  if (now === drawer) return;
  drawer = now;
  if (!asDrawer.matches) return;
  if (now === "open") document.querySelector('.sidebar [data-do="close-drawer"]')?.focus();
  else if (document.activeElement === document.body || document.activeElement.closest(".sidebar"))
    document.querySelector('[data-do="open-drawer"]')?.focus();
};

let assistant = "closed";
// Whoever opens it wants to type; a page that comes back with it open takes nobody's focus.
let asked = false;

document.addEventListener("click", (event) => {
  if (event.target.closest?.('[data-do="assistant"]')) asked = true;
});

const followAssistant = () => {
  const now = document.querySelector(".app")?.dataset.assistant ?? "closed";
  const field = document.getElementById("assistant-input");
  if (now === assistant || (now === "open" && !field)) return;
  assistant = now;
  if (now === "open" && asked) field.focus();
  else if (now === "closed" && document.activeElement === document.body) document.querySelector('[data-do="assistant"]')?.focus();
  asked = false;
};

const follow = () => {
  cover();
  followAssistant();
  followDrawer();
  followPanel();
};

// The router follows the link without moving the focus.
document.addEventListener("click", (event) => {
  if (!event.target.closest?.(".skip-link")) return;
  event.preventDefault();
  event.stopPropagation();
  document.getElementById("main")?.focus();
}, true);

new MutationObserver(follow).observe(document.documentElement, {
  childList: true,
  subtree: true,
  attributes: true,
  attributeFilter: ["data-drawer", "data-details", "data-assistant", "data-task-details"],
});
asSheet.addEventListener("change", cover);
asDrawer.addEventListener("change", cover);

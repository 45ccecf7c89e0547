// Opens the quick-add line and puts the cursor in it; closes it when it is left empty.
const slot = () => document.querySelector("[data-quick-add]");

const open = () => {
  slot().dataset.quickAdd = "open";
  document.getElementById("quick-add-input").focus();
};

const close = () => {
  if (slot()) slot().dataset.quickAdd = "closed";
};

document.addEventListener("click", (event) => {
  if (event.target.closest?.('[data-do="quick-add"], [data-do="quick-add-phone"]')) open();
  else if (event.target.closest?.('[data-do="close-quick-add"]')) close();
});

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key === "Escape" && event.target.id === "quick-add-input") close();
  },
  true,
);

// A draft from before a reload is shown again, whenever the line is drawn anew.
let known = null;
const showDraft = () => {
  const line = slot();
  if (line === known) return;
  known = line;
  if (line && sessionStorage.getItem("draft:quick-add")) line.dataset.quickAdd = "open";
};
new MutationObserver(showDraft).observe(document.documentElement, { childList: true, subtree: true });
// The page may have been there first.
showDraft();

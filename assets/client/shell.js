// The sidebar as a drawer on narrow screens, the sheet of keys, and lists that go on when one nears their end.
const app = () => document.querySelector(".app");

const setDrawer = (state) => app()?.setAttribute("data-drawer", state);

document.addEventListener("click", (event) => {
  const at = event.target.closest?.("[data-do]")?.dataset.do;
  if (at === "open-drawer") setDrawer("open");
  else if (at === "close-drawer" || event.target.closest?.(".sidebar .nav-item")) setDrawer("closed");
  if (at === "close-dialog" || event.target.id === "keys-sheet") event.target.closest("dialog")?.close();
  if (at === "help") document.getElementById("keys-sheet")?.showModal();
});

document.addEventListener("keydown", (event) => event.key === "Escape" && setDrawer("closed"));

const nearing = new IntersectionObserver(
  (entries) => entries.forEach((entry) => entry.isIntersecting && entry.target.click()),
  { rootMargin: "600px" },
);
let watched = new Set();
new MutationObserver(() => {
  const buttons = new Set(document.querySelectorAll("[data-more]"));
  for (const button of watched) if (!buttons.has(button)) nearing.unobserve(button);
  for (const button of buttons) if (!watched.has(button)) nearing.observe(button);
  watched = buttons;
}).observe(document.documentElement, { childList: true, subtree: true });

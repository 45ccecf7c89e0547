// The sidebar as a drawer on narrow screens, and the sheet of keys.
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

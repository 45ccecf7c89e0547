// Light, dark, or as the system says; kept in this browser.
const KEY = "theme";
const ORDER = ["system", "light", "dark"];

const chosen = () => localStorage.getItem(KEY) ?? "system";

const apply = () => {
  const theme = chosen();
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  // Reflex's own script, which runs before the first paint, sets it there; it would win over the attribute.
  document.documentElement.style.removeProperty("color-scheme");
  for (const button of document.querySelectorAll("[data-choose-theme]")) {
    const isChosen = button.dataset.chooseTheme === theme;
    button.setAttribute("aria-checked", String(isChosen));
    button.tabIndex = isChosen ? 0 : -1;
  }
};

const isDark = () =>
  chosen() === "dark" || (chosen() === "system" && matchMedia("(prefers-color-scheme: dark)").matches);

document.addEventListener("click", (event) => {
  const choice = event.target.closest?.("[data-choose-theme]")?.dataset.chooseTheme;
  const toggled = event.target.closest?.('[data-do="theme"]') && (isDark() ? "light" : "dark");
  const theme = choice ?? toggled;
  if (!ORDER.includes(theme)) return;
  localStorage.setItem(KEY, theme);
  apply();
});

// As in every group of radio buttons, arrows choose the next one.
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
document.addEventListener("keydown", (event) => {
  const button = event.target.closest?.("[data-choose-theme]");
  if (!button || !(event.key in STEPS)) return;
  event.preventDefault();
  const buttons = [...button.parentElement.querySelectorAll("[data-choose-theme]")];
  const next = buttons.at((buttons.indexOf(button) + STEPS[event.key]) % buttons.length);
  next.focus();
  next.click();
});

addEventListener("storage", (event) => event.key === KEY && apply());
new MutationObserver(apply).observe(document.documentElement, { childList: true, subtree: true });
apply();

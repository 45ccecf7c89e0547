// Light, dark, or as the system says; kept in this browser.
const KEY = "theme";
const ORDER = ["system", "light", "dark"];

const chosen = () => localStorage.getItem(KEY) ?? "system";

const apply = () => {
  const theme = chosen();
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const button of document.querySelectorAll("[data-choose-theme]"))
    button.setAttribute("aria-pressed", String(button.dataset.chooseTheme === theme));
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

addEventListener("storage", (event) => event.key === KEY && apply());
new MutationObserver(apply).observe(document.documentElement, { childList: true, subtree: true });
apply();

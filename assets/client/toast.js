// Puts a message away after its time, unless somebody points at it or it has the focus.
const LINGER_MS = 5000;
let timer = 0;

const arm = (toast) => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (toast.matches(":hover, :focus-within")) return arm(toast);
    toast.querySelector('[data-do="dismiss-toast"]')?.click();
  }, LINGER_MS);
};

let last = "";
new MutationObserver(() => {
  const toast = document.querySelector(".toast[data-key]");
  if (!toast || toast.dataset.key === last) return;
  last = toast.dataset.key;
  arm(toast);
}).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-key"] });

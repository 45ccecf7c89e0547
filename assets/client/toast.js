// Puts a message away after its time, unless somebody points at it or it has the focus. It stands in the page
// and, while a dialog is open, in the dialog as well.
const LINGER_MS = 5000;
let timer = 0;

const arm = () => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (document.querySelector(".toast:hover, .toast:focus-within")) return arm();
    document.querySelector('.toast [data-do="dismiss-toast"]')?.click();
  }, LINGER_MS);
};

let last = "";
new MutationObserver(() => {
  const toast = document.querySelector(".toast[data-key]");
  if (!toast || toast.dataset.key === last) return;
  last = toast.dataset.key;
  arm();
}).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-key"] });

// Who is logged in may change while a page is open: then the log-in page is loaded anew, so that nothing of the
// old session stays behind, and it remembers where the person was.
const FOR_STRANGERS = /^\/(login|register|forgot|reset)\/?$/;
const here = () => location.pathname + location.search;

let place = here();
new MutationObserver(() => {
  if (here() === place) return;
  if (FOR_STRANGERS.test(location.pathname) && !FOR_STRANGERS.test(place.split("?")[0]))
    location.replace(`/login?next=${encodeURIComponent(place)}`);
  place = here();
}).observe(document.documentElement, { childList: true, subtree: true });

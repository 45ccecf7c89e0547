// The title of the window says which list it shows.
new MutationObserver(() => {
  const heading = document.querySelector("h1.page-title")?.textContent;
  const title = heading && `${heading} · Punctual`;
  if (title && document.title !== title) document.title = title;
}).observe(document.documentElement, { childList: true, subtree: true, characterData: true });

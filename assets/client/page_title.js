// The title of the window says which list it shows.
const follow = () => {
  const heading = document.querySelector("h1.page-title")?.textContent;
  const title = heading && `${heading} · Punctual`;
  if (title && document.title !== title) document.title = title;
};
new MutationObserver(follow).observe(document.documentElement, { childList: true, subtree: true, characterData: true });
// The page may have been there first.
follow();

// Shows what the server pushes to this browser, also when no page of Punctual is open, and opens it on a click.
const page = (path) => {
  const url = new URL(typeof path === "string" ? path : "/today", self.location.origin);
  return url.origin === self.location.origin ? url.href : self.location.origin;
};

const read = (data) => {
  try {
    return data.json();
  } catch {
    return {};
  }
};

const show = ({ title, body, path, tag }) =>
  // A copy with the same tag takes the place of the one that is shown.
  self.registration.showNotification(title || "Punctual", { body: body || "", tag, data: { path }, icon: "/logo.svg" });

const open = async (url) => {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const each of windows) {
    try {
      const there = await each.navigate(url);
      return await (there ?? each).focus();
    } catch {
      // It may be loading, or be no window of this worker's: the next one, or a new one.
    }
  }
  return self.clients.openWindow(url);
};

// Browsers may end a subscription and begin another one at any time. What the page has kept says which one it was.
const renew = async (given) => {
  const kept = await caches.open("push");
  const known = await (await kept.match("/push/subscription"))?.json();
  if (!known) return;
  const options = { userVisibleOnly: true, applicationServerKey: known.key };
  const subscription = given ?? (await self.registration.pushManager.subscribe(options));
  const csrf = await self.cookieStore?.get("punctual_csrf");
  const answer = await fetch("/push/subscription", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": decodeURIComponent(csrf?.value ?? "") },
    body: JSON.stringify({ old_endpoint: known.endpoint, subscription: JSON.stringify(subscription) }),
  });
  if (answer.ok) await kept.put("/push/subscription", Response.json({ ...known, endpoint: subscription.endpoint }));
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("push", (event) => event.waitUntil(show(event.data ? read(event.data) : {})));
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event.newSubscription)));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(page(event.notification.data?.path)));
});

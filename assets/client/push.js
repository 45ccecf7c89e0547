// Subscribes this browser to notifications when somebody asks for it in the settings, and hands what the browser
// gives to the form around the button.
const bytes = (base64url) =>
  Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const nameOfBrowser = () => {
  const agent = navigator.userAgent;
  const browser = [["Edg/", "Edge"], ["Firefox/", "Firefox"], ["Chrome/", "Chrome"], ["Safari/", "Safari"]].find(([mark]) =>
    agent.includes(mark),
  );
  const system = [["Android", "Android"], ["iPhone", "iPhone"], ["iPad", "iPad"], ["Mac OS", "Mac"], ["Windows", "Windows"], ["Linux", "Linux"]].find(
    ([mark]) => agent.includes(mark),
  );
  return `${browser?.[1] ?? "Browser"}${system ? ` on ${system[1]}` : ""}`;
};

const subscribe = async (key) => {
  if (!("serviceWorker" in navigator) || !("PushManager" in window))
    throw new Error("This browser can't show notifications here. It takes an address with https.");
  if ((await Notification.requestPermission()) !== "granted")
    throw new Error("Notifications are blocked for this site. Allow them in the browser's own settings.");
  await navigator.serviceWorker.register("/service-worker.js");
  const { pushManager } = await navigator.serviceWorker.ready;
  // One that was made with another key of the server's is of no use.
  const earlier = await pushManager.getSubscription();
  const known = earlier?.options?.applicationServerKey;
  if (known && String(new Uint8Array(known)) !== String(bytes(key))) await earlier.unsubscribe();
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
  // For the service worker, which may have to renew it when no page is open.
  const kept = await caches.open("push");
  await kept.put("/push/subscription", Response.json({ endpoint: subscription.endpoint, key }));
  return subscription;
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.('[data-do="enable-push"]');
  if (!button || button.getAttribute("aria-busy") === "true") return;
  const { subscription, name, problem } = button.form.elements;
  button.setAttribute("aria-busy", "true");
  try {
    subscription.value = JSON.stringify(await subscribe(button.dataset.key));
    name.value = nameOfBrowser();
    problem.value = "";
  } catch (error) {
    subscription.value = "";
    problem.value = error.message || "The browser's push service can't be reached. Try again later.";
  } finally {
    button.removeAttribute("aria-busy");
  }
  button.form.requestSubmit();
});

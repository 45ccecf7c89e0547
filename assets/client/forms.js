// Forms that post JSON to /auth, which alone can set the session's HttpOnly cookie.
const UNREACHABLE = "The server is not reachable. Try again.";

const csrf = () =>
  decodeURIComponent(document.cookie.match(/(?:^|; )punctual_csrf=([^;]*)/)?.[1] ?? "");

// A slot is the element that says an error; what is shown and hidden is the message around it.
const slotOf = (form, field) =>
  form.querySelector(`[data-error="${CSS.escape(field)}"]`) ?? form.querySelector('[data-error="form"]');
const messageOf = (slot) => slot.closest(".field-error, .notice");

const show = (form, field, reason) => {
  const slot = slotOf(form, field);
  if (slot) {
    slot.textContent = reason;
    messageOf(slot).hidden = false;
  }
  const input = form.elements[field];
  if (input?.type !== "hidden") input?.setAttribute("aria-invalid", "true");
};

const clearField = (form, field) => {
  const slot = form.querySelector(`[data-error="${CSS.escape(field)}"]`);
  if (slot) messageOf(slot).hidden = true;
  form.elements[field]?.removeAttribute("aria-invalid");
};

const clear = (form) => {
  for (const slot of form.querySelectorAll("[data-error]")) clearField(form, slot.dataset.error);
  for (const done of form.querySelectorAll("[data-done]")) done.hidden = true;
};

// The zone of this browser, in fields that ask for one, until somebody writes there.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";
const touched = new WeakSet();
document.addEventListener("input", (event) => touched.add(event.target));
const guess = () => {
  for (const input of document.querySelectorAll("input[data-guess-zone]"))
    if (!input.value && !touched.has(input)) input.value = zone;
};
new MutationObserver(guess).observe(document.documentElement, { childList: true, subtree: true });
guess();

const values = (form) => {
  const given = Object.fromEntries(new FormData(form));
  if ("secret" in given) given.secret = new URLSearchParams(location.search).get("secret") ?? "";
  return given;
};

// Only a path of our own; anything else would send people away.
const next = () => {
  const wanted = new URLSearchParams(location.search).get("next") ?? "/today";
  return /^\/(?![/\\])/.test(wanted) ? wanted : "/today";
};

const refused = async (form, response) => {
  const problem = await response.json().catch(() => ({}));
  const errors = problem.errors?.length ? problem.errors : [{ field: "form", reason: problem.detail ?? UNREACHABLE }];
  for (const { field, reason } of errors) show(form, field, reason);
  (form.querySelector('[aria-invalid="true"]') ?? form.querySelector("input:not([type=hidden])"))?.focus();
};

const done = (form) => {
  const then = form.dataset.then;
  // A full load: nothing of the old session may stay in the page.
  if (then !== "message") return location.assign(then === "next" ? next() : then);
  form.reset();
  for (const message of form.querySelectorAll("[data-done]")) message.hidden = false;
};

const send = async (form) => {
  const button = form.querySelector('[type="submit"]');
  if (button.getAttribute("aria-busy") === "true") return;
  clear(form);
  button.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(form.dataset.post, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf() },
      body: JSON.stringify(values(form)),
    });
    if (response.ok) done(form);
    else await refused(form, response);
  } catch {
    show(form, "form", UNREACHABLE);
  } finally {
    button.removeAttribute("aria-busy");
  }
};

// In the capture phase, before the page's own handlers.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.dataset?.post) return;
    event.preventDefault();
    event.stopPropagation();
    send(form);
  },
  true,
);

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.dataset.post && event.target.name) clearField(form, event.target.name);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.('[data-do="reveal"]');
  if (!button) return;
  const input = button.parentElement.querySelector("input");
  const shown = input.type === "password";
  input.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
});

// What was sent before this script was there (components/auth_forms.py).
const early = globalThis.earlySubmit;
document.removeEventListener("submit", early.keep, true);
if (early.form?.isConnected) {
  early.form.querySelector('[type="submit"]').removeAttribute("aria-busy");
  send(early.form);
}

// Forms that post JSON to /auth, which alone can set the session's HttpOnly cookie.
const csrf = () =>
  decodeURIComponent(document.cookie.match(/(?:^|; )punctual_csrf=([^;]*)/)?.[1] ?? "");

const show = (form, field, reason) => {
  const input = form.elements[field];
  const slot = form.querySelector(`[data-error="${input ? field : "form"}"]`) ?? form.querySelector('[data-error="form"]');
  if (slot) slot.textContent = reason;
  if (input) {
    input.setAttribute("aria-invalid", "true");
    input.focus();
  }
};

const clear = (form) => {
  form.querySelectorAll("[data-error]").forEach((slot) => (slot.textContent = ""));
  form.querySelectorAll("[aria-invalid]").forEach((input) => input.removeAttribute("aria-invalid"));
};

const values = (form) => {
  const given = Object.fromEntries(new FormData(form));
  if ("timezone" in given && !given.timezone) given.timezone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";
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
  const errors = problem.errors?.length ? problem.errors : [{ field: "form", reason: problem.detail ?? "The server is not reachable. Try again." }];
  for (const { field, reason } of errors) show(form, field, reason);
};

const send = async (form) => {
  clear(form);
  const button = form.querySelector('[type="submit"]');
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(form.dataset.post, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf() },
      body: JSON.stringify(values(form)),
    });
    if (!response.ok) return await refused(form, response);
    if (form.dataset.then === "message") {
      form.reset();
      const slot = form.querySelector("[data-done]");
      if (slot) slot.hidden = false;
    } else {
      // A full load: nothing of the old session may stay in the page.
      location.assign(form.dataset.then === "next" ? next() : form.dataset.then);
    }
  } catch {
    show(form, "form", "The server is not reachable. Try again.");
  } finally {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
};

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

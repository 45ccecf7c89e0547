// Asks the REST API in the name of the page, for what must be in no state that is kept.
const UNREACHABLE = "The server is not reachable. Try again.";

const csrf = () => decodeURIComponent(document.cookie.match(/(?:^|; )punctual_csrf=([^;]*)/)?.[1] ?? "");

// Gives the answer, which is null when there is none, or the error in words and the problem that says more. A body
// goes as JSON, unless it is a form.
export async function ask(method, path, body) {
  const headers = { "X-CSRF-Token": csrf() };
  const isForm = body instanceof FormData;
  if (body && !isForm) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(path, { method, headers, body: body && !isForm ? JSON.stringify(body) : body });
    const answer = response.status === 204 ? null : await response.json();
    return response.ok ? { answer } : { error: answer.errors?.[0]?.reason ?? answer.detail, problem: answer };
  } catch {
    return { error: UNREACHABLE };
  }
}

// Finding task rows and the controls in them.
export const rows = () => Array.from(document.querySelectorAll(".task[data-task-id]"));

export const rowOf = (element) => element?.closest?.(".task[data-task-id]") ?? null;

export const focusedRow = () => rowOf(document.activeElement);

export const focusRow = (row) => row?.querySelector(".task-title")?.focus();

// A control says what it does by data-do; the row's own, or the page's.
export const control = (action, within = document) => within?.querySelector(`[data-do="${action}"]`) ?? null;

export const visible = (element) => Boolean(element && element.getClientRects().length);

// Hands values to a hidden form of the page and sends it: how a gesture becomes a command.
export const sendForm = (id, values) => {
  const form = document.getElementById(id);
  if (!form) return;
  for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
  form.requestSubmit();
};

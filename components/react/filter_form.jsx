// A filter to save: its name, and the filter in words with what it would find or what is wrong with it.
import { useEffect, useRef, useState } from "react";
import { FieldError } from "./field_error.jsx";

const PAUSE_MS = 200;

function Field({ name, label, error, children, ...props }) {
  return (
    <div className="field">
      <label className="field-label" htmlFor={`filter-${name}`}>
        {label}
      </label>
      <input
        id={`filter-${name}`}
        name={name}
        className="input"
        type="text"
        autoComplete="off"
        aria-invalid={error ? true : undefined}
        aria-describedby={`filter-${name}-says`}
        {...props}
      />
      <div id={`filter-${name}-says`} className="field-says">
        {error ? <FieldError text={error} /> : children}
      </div>
    </div>
  );
}

export function FilterForm({ opened, stored, foreseen, nameError, refused, onConsider, onSave, onClose }) {
  const form = useRef(null);
  const timer = useRef(0);
  const [draft, setDraft] = useState(null);
  const [busy, setBusy] = useState(false);
  const [ready, setReady] = useState(0);

  useEffect(() => {
    if (!opened) return;
    clearTimeout(timer.current);
    setBusy(false);
    setDraft(stored);
    setReady(opened);
  }, [opened]);
  // Once the fields are drawn and the dialog is open.
  useEffect(() => {
    if (ready) form.current.elements[stored.id && stored.name ? "query" : "name"].focus();
  }, [ready]);
  useEffect(() => setBusy(false), [refused]);
  useEffect(() => () => clearTimeout(timer.current), []);

  if (!draft) return null;
  const change = (values) => setDraft({ ...draft, ...values });
  const type = (query) => {
    change({ query });
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onConsider(query), PAUSE_MS);
  };
  const save = (event) => {
    event.preventDefault();
    clearTimeout(timer.current);
    setBusy(true);
    onSave(draft);
  };
  const settled = foreseen.query === draft.query;
  return (
    <form ref={form} className="filter-form" onSubmit={save} noValidate>
      <div className="dialog-body form">
        <Field name="name" label="Name" maxLength={200} value={draft.name} error={nameError} onChange={(event) => change({ name: event.target.value })} />
        <Field
          name="query"
          label="Finds tasks that match"
          maxLength={1100}
          spellCheck={false}
          autoCapitalize="none"
          placeholder="#work & (p1 | overdue)"
          value={draft.query}
          error={settled && foreseen.error}
          onChange={(event) => type(event.target.value)}
        >
          <p className="hint" role="status">
            {settled && foreseen.found ? `${foreseen.found}. ${foreseen.note}` : "#tag, +project, p1 to p4, overdue, due before: friday, no date, “text”; & and, | or, ! not"}
          </p>
        </Field>
      </div>
      <div className="dialog-foot">
        <button type="button" className="button button-plain" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" className="button button-primary" aria-busy={busy}>
          Save
        </button>
      </div>
    </form>
  );
}

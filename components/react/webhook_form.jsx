// A new webhook: made over the REST API, and its secret shown once, since that must be in no state that is kept.
import { useState } from "react";
import { useCalling } from "./calling.jsx";
import { Choice } from "./choice.jsx";
import { FieldError } from "./field_error.jsx";
import { ShownOnce } from "./shown_once.jsx";

export function WebhookForm({ describedBy, choices, onMade }) {
  const [made, setMade] = useState(null);
  const { busy, error, call } = useCalling();

  const make = async (event) => {
    event.preventDefault();
    const form = event.target;
    const { name, url, types } = Object.fromEntries(new FormData(form));
    const webhook = await call("POST", "/api/v1/webhooks", { name, url, event_types: types ? types.split(" ") : null });
    if (!webhook) return;
    setMade(webhook);
    form.reset();
    onMade();
  };

  const field = (name, label, placeholder, longest) => (
    <input
      name={name}
      className="input"
      type="text"
      placeholder={placeholder}
      autoComplete="off"
      spellCheck={false}
      maxLength={longest}
      required
      aria-label={label}
      aria-describedby={describedBy}
    />
  );

  return (
    <form className="form" aria-label="New webhook" onSubmit={make}>
      {made && <ShownOnce value={made.secret} label={`Secret of ${made.name}`} />}
      {field("url", "Address to tell", "https://example.org/hook", 2000)}
      {field("name", "Name of the webhook", "Name, such as Team chat", 80)}
      <Choice name="types" label="What it is told" choices={choices} first="" />
      <FieldError text={error} />
      <div className="form-actions">
        <button type="submit" className="button" aria-busy={busy} disabled={busy}>
          Add
        </button>
      </div>
    </form>
  );
}

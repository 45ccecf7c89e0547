// A new API token: made over the REST API and shown once, since its secret must be in no state that is kept.
import { useState } from "react";
import { useCalling } from "./calling.jsx";
import { Choice } from "./choice.jsx";
import { FieldError } from "./field_error.jsx";
import { ShownOnce } from "./shown_once.jsx";

const SCOPES = [
  ["read", "May read"],
  ["write", "May read and change"],
  ["admin", "May do everything, settings too"],
];
const DAYS = [
  ["30", "For 30 days"],
  ["90", "For 90 days"],
  ["365", "For a year"],
  ["", "Until it is revoked"],
];

export function TokenForm({ describedBy, onMade }) {
  const [made, setMade] = useState(null);
  const { busy, error, call } = useCalling();

  const make = async (event) => {
    event.preventDefault();
    const form = event.target;
    const { name, scope, days } = Object.fromEntries(new FormData(form));
    const token = await call("POST", "/api/v1/tokens", { name, scope, days: days ? Number(days) : null });
    if (!token) return;
    setMade(token);
    form.reset();
    onMade();
  };

  return (
    <form className="form" aria-label="New token" onSubmit={make}>
      {made && <ShownOnce value={made.secret} label={`Secret of ${made.name}`} />}
      <div className="field">
        <input
          name="name"
          className="input"
          type="text"
          placeholder="Name, such as Backup script"
          autoComplete="off"
          maxLength={80}
          required
          aria-label="What the token is for"
          aria-describedby={describedBy}
          aria-invalid={error ? true : undefined}
        />
        <FieldError text={error} />
      </div>
      <Choice name="scope" label="What it may do" choices={SCOPES} first="read" />
      <Choice name="days" label="How long it works" choices={DAYS} first="90" />
      <div className="form-actions">
        <button type="submit" className="button" aria-busy={busy} disabled={busy}>
          Make a token
        </button>
      </div>
    </form>
  );
}

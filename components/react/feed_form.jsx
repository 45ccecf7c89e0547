// The secret address for calendar programs: made, shown once, renewed and revoked over the REST API, since the
// address must be in no state that is kept.
import { useState } from "react";
import { CircleAlert } from "lucide-react";
import { ask } from "./rest.js";
import { ShownOnce } from "./shown_once.jsx";

const ICON = { size: 16, strokeWidth: 1.5, "aria-hidden": true };
const PATH = "/api/v1/feed";
const NO_FEED = { created_at: null, url: null };

export function FeedForm({ describedBy, since }) {
  const [changed, setChanged] = useState(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");

  const feed = changed ?? { created_at: since || null, url: null };

  const call = async (method) => {
    setBusy(true);
    const { answer, error: wrong } = await ask(method, PATH);
    setBusy(false);
    setError(wrong ?? "");
    if (!wrong) setChanged(answer ?? NO_FEED);
  };

  return (
    <div className="form">
      {feed.url && <ShownOnce value={feed.url} label="Calendar feed" />}
      {!feed.url && feed.created_at && (
        <p className="hint">
          There is an address since {new Date(feed.created_at).toLocaleDateString("en-GB", { dateStyle: "medium" })}. It is not shown again.
        </p>
      )}
      {error && (
        <p className="field-error" role="alert">
          <CircleAlert {...ICON} />
          <span>{error}</span>
        </p>
      )}
      <div className="form-actions">
        <button type="button" className="button" aria-busy={busy} aria-describedby={describedBy} onClick={() => call("POST")}>
          {feed.created_at ? "Make a new address" : "Make an address"}
        </button>
        {feed.created_at && (
          <button type="button" className="button button-plain" onClick={() => call("DELETE")}>
            Revoke
          </button>
        )}
      </div>
    </div>
  );
}

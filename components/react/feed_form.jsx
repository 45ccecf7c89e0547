// The secret address for calendar programs: made, shown once, renewed and revoked over the REST API, since the
// address must be in no state that is kept.
import { useState } from "react";
import { CircleAlert, Copy } from "lucide-react";

const ICON = { size: 16, strokeWidth: 1.5, "aria-hidden": true };
const PATH = "/api/v1/feed";
const UNREACHABLE = "The server is not reachable. Try again.";

const csrf = () => decodeURIComponent(document.cookie.match(/(?:^|; )punctual_csrf=([^;]*)/)?.[1] ?? "");

async function ask(method) {
  try {
    const response = await fetch(PATH, { method, headers: { "X-CSRF-Token": csrf() } });
    if (response.status === 204) return { feed: { created_at: null, url: null } };
    const answer = await response.json();
    return response.ok ? { feed: answer } : { error: answer.detail };
  } catch {
    return { error: UNREACHABLE };
  }
}

export function FeedForm({ labelledBy, describedBy, since }) {
  const [changed, setChanged] = useState(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");

  const feed = changed ?? { created_at: since || null, url: null };

  const call = async (method) => {
    setBusy(true);
    const { feed: found, error: wrong } = await ask(method);
    setBusy(false);
    setError(wrong ?? "");
    if (found) setChanged(found);
  };

  return (
    <div className="form">
      {feed.url && (
        <div className="form-actions">
          <input className="input" readOnly value={feed.url} aria-labelledby={labelledBy} onFocus={(event) => event.target.select()} />
          <button type="button" className="button" onClick={() => navigator.clipboard?.writeText(feed.url)}>
            <Copy {...ICON} />
            Copy
          </button>
        </div>
      )}
      {!feed.url && feed.created_at && (
        <p className="hint">
          There is an address since {new Date(feed.created_at).toLocaleDateString("en-GB", { dateStyle: "medium" })}. It is not shown again.
        </p>
      )}
      {feed.url && <p className="hint">Copy it now: it is shown this once.</p>}
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

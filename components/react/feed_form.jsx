// The secret address for calendar programs: made, shown once, renewed and revoked over the REST API, since the
// address must be in no state that is kept.
import { useState } from "react";
import { useCalling } from "./calling.jsx";
import { FieldError } from "./field_error.jsx";
import { ShownOnce } from "./shown_once.jsx";

const PATH = "/api/v1/feed";
const NO_FEED = { created_at: null, url: null };

export function FeedForm({ describedBy, since }) {
  const [changed, setChanged] = useState(null);
  const { busy, error, call } = useCalling();

  const feed = changed ?? { created_at: since || null, url: null };

  const change = async (method) => {
    const answer = await call(method, PATH);
    if (answer !== undefined) setChanged(answer ?? NO_FEED);
  };

  return (
    <div className="form">
      {feed.url && <ShownOnce value={feed.url} label="Calendar feed" />}
      {!feed.url && feed.created_at && (
        <p className="hint">
          There is an address since {new Date(feed.created_at).toLocaleDateString("en-GB", { dateStyle: "medium" })}. It is not shown again.
        </p>
      )}
      <FieldError text={error} />
      <div className="form-actions">
        <button type="button" className="button" aria-busy={busy} aria-describedby={describedBy} onClick={() => change("POST")}>
          {feed.created_at ? "Make a new address" : "Make an address"}
        </button>
        {feed.created_at && (
          <button type="button" className="button button-plain" onClick={() => change("DELETE")}>
            Revoke
          </button>
        )}
      </div>
    </div>
  );
}

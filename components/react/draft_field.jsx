// Text fields that keep what is being typed: a change from elsewhere shows when nobody types in them,
// never under the typist's hands, and a draft survives a reload of the page.
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { Pencil } from "lucide-react";

const stored = (key) => {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
};

// A draft is what was typed and what stood there when the typing began; `sent` is what was stored last.
const useDraft = ({ value, draftKey, onCommit, dropped, offline }) => {
  const storageKey = `draft:${draftKey}`;
  const [draft, setDraft] = useState(() => stored(storageKey));
  // What a handler reads may be newer than what was drawn: Escape drops the draft, and the blur it causes comes at once.
  const latest = useRef(draft);
  const change = (next) => {
    latest.current = next;
    setDraft(next);
    if (next) sessionStorage.setItem(storageKey, JSON.stringify(next));
    else sessionStorage.removeItem(storageKey);
  };
  const drop = () => change(null);
  const send = () => {
    const { text, base } = latest.current;
    change({ text, base, sent: text });
    onCommit(text, base);
  };
  const type = (text) => change({ text, base: latest.current ? latest.current.base : value });
  const commit = () => {
    const now = latest.current;
    if (!now || now.sent === now.text) return;
    if (now.text === now.base) drop();
    else send();
  };
  // The stored value arrived: from now on the field follows it again.
  useEffect(() => {
    if (latest.current?.sent === value) drop();
  }, [value]);
  // Sent, and no answer seen: the page was left, or the connection was lost. Sending it again changes nothing twice.
  useEffect(() => {
    if (!offline && latest.current?.sent && latest.current.sent !== value) send();
  }, [offline]);
  const drops = useRef(dropped);
  useEffect(() => {
    if (dropped > drops.current) drop();
    drops.current = dropped;
  }, [dropped]);
  return { text: draft ? draft.text : value, dirty: Boolean(draft && draft.sent !== draft.text), type, commit, drop };
};

const useGrowing = (field, text) =>
  useLayoutEffect(() => {
    if (!field.current || field.current.tagName !== "TEXTAREA") return;
    field.current.style.height = "auto";
    field.current.style.height = `${field.current.scrollHeight}px`;
  }, [text]);

export function DraftField({ label, className, placeholder, maxLength, invalid, describedBy, value, ...props }) {
  const field = useRef(null);
  const draft = useDraft({ value, ...props });
  useGrowing(field, draft.text);
  const onKeyDown = (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      // A dialog around the field stays open while there is something to drop.
      if (draft.text !== value) event.preventDefault();
      draft.drop();
      event.target.blur();
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      event.target.blur();
    }
  };
  return (
    <textarea
      ref={field}
      rows={1}
      className={className}
      aria-label={label}
      aria-invalid={invalid || undefined}
      aria-describedby={invalid ? describedBy : undefined}
      placeholder={placeholder}
      maxLength={maxLength}
      value={draft.text}
      onChange={(event) => draft.type(event.target.value)}
      onBlur={draft.commit}
      onKeyDown={onKeyDown}
    />
  );
}

// Reads as text; a click or Enter turns it into its Markdown.
export function DescriptionField({ html, label, placeholder, maxLength, value, ...props }) {
  const field = useRef(null);
  const draft = useDraft({ value, ...props });
  const [editing, setEditing] = useState(draft.dirty);
  useGrowing(field, editing ? draft.text : null);
  const edit = (event) => {
    if (event.target.closest("a")) return;
    setEditing(true);
    requestAnimationFrame(() => field.current?.focus());
  };
  const leave = (work) => () => {
    work();
    setEditing(false);
  };
  const onKeyDown = (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      leave(draft.drop)();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      leave(draft.commit)();
    }
  };
  if (!editing)
    return (
      // Links in the text can be followed, so the text can't be a button itself.
      <div className="description" data-empty={value ? "false" : "true"} onClick={edit}>
        <div className="prose" dangerouslySetInnerHTML={{ __html: html || `<p>${placeholder}</p>` }} />
        <button type="button" className="icon-button icon-button-small" aria-label={`Edit the ${label.toLowerCase()}`}>
          <Pencil size={16} strokeWidth={1.5} aria-hidden="true" />
        </button>
      </div>
    );
  return (
    <div className="description-edit">
      <textarea
        ref={field}
        className="input"
        aria-label={label}
        maxLength={maxLength}
        value={draft.text}
        onChange={(event) => draft.type(event.target.value)}
        onBlur={draft.commit}
        onKeyDown={onKeyDown}
      />
      <div className="form-actions">
        <button className="button button-primary button-small" type="button" onClick={leave(draft.commit)}>
          Save
        </button>
        <button
          className="button button-plain button-small"
          type="button"
          onMouseDown={(event) => event.preventDefault()}
          onClick={leave(draft.drop)}
        >
          Cancel
        </button>
        <span className="hint">Markdown</span>
      </div>
    </div>
  );
}

// A text field that keeps what is being typed: a change from elsewhere shows when nobody types in it,
// never under the typist's hands, and a draft survives a reload of the page.
import { useEffect, useLayoutEffect, useRef, useState } from "react";

const stored = (key) => {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
};

export function DraftField({ value, draftKey, multiline, onCommit, label, className, placeholder, maxLength, autoGrow }) {
  const storageKey = `draft:${draftKey}`;
  // A draft is what was typed and what stood there when the typing began.
  const [draft, setDraft] = useState(() => stored(storageKey));
  const field = useRef(null);
  const change = (next) => {
    setDraft(next);
    if (next) sessionStorage.setItem(storageKey, JSON.stringify(next));
    else sessionStorage.removeItem(storageKey);
  };
  const text = draft ? draft.text : value;

  useLayoutEffect(() => {
    if (!autoGrow || !field.current) return;
    field.current.style.height = "auto";
    field.current.style.height = `${field.current.scrollHeight}px`;
  }, [text, autoGrow]);

  // The stored value arrived: from now on the field follows it again.
  useEffect(() => {
    if (draft && draft.sent && value === draft.sent) change(null);
  }, [value]);

  const commit = () => {
    if (!draft || draft.sent === draft.text) return;
    if (draft.text === draft.base) return change(null);
    change({ ...draft, sent: draft.text });
    onCommit(draft.text, draft.base);
  };
  const onKeyDown = (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      change(null);
      event.target.blur();
    } else if (event.key === "Enter" && (!multiline || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.target.blur();
    }
  };
  const Tag = multiline || autoGrow ? "textarea" : "input";
  return (
    <Tag
      ref={field}
      className={className}
      aria-label={label}
      placeholder={placeholder}
      maxLength={maxLength}
      rows={Tag === "textarea" ? 1 : undefined}
      value={text}
      onChange={(event) => change({ text: event.target.value, base: draft ? draft.base : value })}
      onBlur={commit}
      onKeyDown={onKeyDown}
    />
  );
}

// One line to add something. Enter sends it and frees the line at once; a refusal brings it back, so does a lost
// connection, and a reload of the page: nothing typed is lost, and nothing is sent twice.
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { FieldError } from "./field_error.jsx";

// Longer pastes are refused as they come: the page would be busy with them for seconds.
const LENGTH_MAX = 10_000;
// An answer takes milliseconds; a line without one by then has met an error.
const ANSWER_MS = 10_000;

// The text in pieces: understood tokens and what lies between them. Offsets count code points.
const pieces = (text, chips, understoodText) => {
  if (text !== understoodText) return [{ text, kind: "" }];
  const points = Array.from(text);
  const result = [];
  let position = 0;
  for (const chip of chips) {
    if (chip.start > position) result.push({ text: points.slice(position, chip.start).join(""), kind: "" });
    result.push({ ...chip, text: points.slice(chip.start, chip.end).join("") });
    position = chip.end;
  }
  result.push({ text: points.slice(position).join(""), kind: "" });
  return result;
};

const joined = (texts) => texts.filter(Boolean).join(" ");

// What is in the line, and the lines that were sent and are not answered yet.
const useLine = ({ storageKey, accepted, refused, offline, onType, onSend }) => {
  const [text, setText] = useState("");
  // What is in the line now, also before it was drawn: a double click comes sooner.
  const current = useRef("");
  const waiting = useRef([]);
  const [busy, setBusy] = useState(false);
  const returned = useRef("");
  const answers = useRef({ accepted, refused });
  const [late, setLate] = useState(0);
  const timer = useRef(0);

  const show = (next) => {
    current.current = next;
    setText(next);
    setBusy(waiting.current.length > 0);
    const kept = joined([...waiting.current, next]);
    if (kept) sessionStorage.setItem(storageKey, kept);
    else sessionStorage.removeItem(storageKey);
  };
  const type = (next) => {
    show(next);
    onType?.(next);
  };
  const bringBack = (lines) => {
    if (!lines.length) return;
    returned.current = joined([...lines, current.current]);
    show(returned.current);
  };

  // Not sooner: pages are also drawn when the app is built, where there is no storage.
  useEffect(() => {
    const kept = sessionStorage.getItem(storageKey);
    if (kept) type(kept);
  }, []);
  // A server that was started anew counts from zero again, which is no answer.
  const isAnswer = (name, count) => {
    const before = answers.current[name];
    answers.current[name] = count;
    return count > before;
  };
  useEffect(() => {
    if (!isAnswer("accepted", accepted)) return;
    if (waiting.current.length) {
      waiting.current.shift();
      show(current.current);
    } else if (current.current && current.current === returned.current) type(""); // it did arrive, before the connection was lost
  }, [accepted]);
  useEffect(() => {
    if (isAnswer("refused", refused)) bringBack(waiting.current.splice(0, 1));
  }, [refused]);
  useEffect(() => {
    if (offline || late) bringBack(waiting.current.splice(0));
  }, [offline, late]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const send = () => {
    const line = current.current;
    if (!line.trim() || offline) return;
    waiting.current.push(line);
    onSend(line);
    show("");
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setLate((count) => count + 1), ANSWER_MS);
  };
  return { text, busy, type, send };
};

export function LineField({
  inputId,
  draftKey,
  label,
  placeholder,
  accepted,
  refused,
  offline,
  chips,
  understoodText,
  onType,
  onSend,
  onLeave,
  multiline,
  children,
  className,
  lineClassName,
  shadeClassName,
  inputClassName,
  invalid,
  describedBy,
}) {
  const { text, busy, type, send } = useLine({ storageKey: `draft:${draftKey}`, accepted, refused, offline, onType, onSend });
  const [tooLong, setTooLong] = useState(false);
  const input = useRef(null);
  const shade = useRef(null);
  const change = (next) => {
    setTooLong(next.length > LENGTH_MAX);
    if (next.length <= LENGTH_MAX) type(next);
  };
  const onPaste = (event) => {
    if (event.clipboardData.getData("text").length <= LENGTH_MAX) return;
    event.preventDefault();
    setTooLong(true);
  };
  useLayoutEffect(() => {
    if (!multiline) return;
    input.current.style.height = "auto";
    input.current.style.height = `${input.current.scrollHeight}px`;
  }, [text, multiline]);
  const onKeyDown = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      change("");
      input.current.blur();
      if (onLeave) onLeave();
    }
  };
  const Field = multiline ? "textarea" : "input";
  return (
    <form className={className} aria-label={label} aria-busy={busy} onSubmit={(event) => (event.preventDefault(), send())}>
      <div className={lineClassName}>
        {chips && (
          <div className={shadeClassName} aria-hidden="true" ref={shade}>
            {pieces(text, chips, understoodText).map((piece, index) =>
              piece.kind ? (
                <span key={index} className="token" data-kind={piece.kind} data-priority={piece.priority} data-color={piece.color}>
                  {piece.text}
                </span>
              ) : (
                <span key={index}>{piece.text}</span>
              ),
            )}
          </div>
        )}
        <Field
          id={inputId}
          rows={multiline ? 1 : undefined}
          ref={input}
          className={inputClassName}
          aria-label={label}
          aria-invalid={invalid || tooLong || undefined}
          aria-describedby={describedBy}
          placeholder={placeholder}
          autoComplete="off"
          enterKeyHint="done"
          value={text}
          onChange={(event) => change(event.target.value)}
          onPaste={onPaste}
          onKeyDown={onKeyDown}
          onScroll={(event) => shade.current && (shade.current.scrollLeft = event.target.scrollLeft)}
        />
      </div>
      <FieldError text={tooLong && `That is too long to add: at most ${LENGTH_MAX.toLocaleString("en")} characters fit.`} />
      {children}
    </form>
  );
}

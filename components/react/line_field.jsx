// One line to add something: Enter sends it, the field empties once it was accepted, and a refusal loses nothing.
import { useEffect, useLayoutEffect, useRef, useState } from "react";

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

export function LineField({
  inputId,
  draftKey,
  label,
  placeholder,
  accepted,
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
  const storageKey = `draft:${draftKey}`;
  const [text, setText] = useState(() => sessionStorage.getItem(storageKey) ?? "");
  const input = useRef(null);
  const shade = useRef(null);
  const change = (next) => {
    setText(next);
    if (next) sessionStorage.setItem(storageKey, next);
    else sessionStorage.removeItem(storageKey);
    if (onType) onType(next);
  };
  const firstRender = useRef(true);
  useEffect(() => {
    if (firstRender.current) {
      firstRender.current = false;
      if (text && onType) onType(text);
    } else {
      change("");
    }
  }, [accepted]);

  const send = () => text.trim() && onSend(text);
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
    <form className={className} aria-label={label} onSubmit={(event) => (event.preventDefault(), send())}>
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
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        placeholder={placeholder}
        autoComplete="off"
        enterKeyHint="done"
        value={text}
        onChange={(event) => change(event.target.value)}
        onKeyDown={onKeyDown}
        onScroll={(event) => shade.current && (shade.current.scrollLeft = event.target.scrollLeft)}
      />
      </div>
      {children}
    </form>
  );
}

// A field that follows a value, e.g. one of the address, but never fights the person who types in it: what comes
// back is only what they had typed before.
import { useEffect, useRef, useState } from "react";
import { X } from "lucide-react";

const same = (text) => text.trim().split(/\s+/).join(" ");

export function FollowField({ id, value, type, label, placeholder, className, maxLength, min, max, invalid, describedBy, pause, clearLabel, onType, onLeave }) {
  const [text, setText] = useState(value);
  const [followed, setFollowed] = useState(value);
  const sent = useRef([]);
  const timer = useRef(0);
  const input = useRef(null);

  useEffect(() => {
    if (value === followed) return;
    setFollowed(value);
    const known = sent.current.indexOf(same(value));
    if (known >= 0) sent.current.splice(0, known + 1);
    else {
      clearTimeout(timer.current);
      sent.current = [];
      setText(value);
    }
  }, [value, followed]);

  const send = (next) => {
    sent.current.push(same(next));
    onType(next);
  };
  const change = (next) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => same(next) !== same(followed) && send(next), pause ?? 0);
  };
  const leave = () => {
    clearTimeout(timer.current);
    sent.current = [];
    setText("");
    onLeave?.();
  };
  const onKeyDown = (event) => {
    if (event.key !== "Escape" || !onLeave) return;
    event.preventDefault();
    event.stopPropagation();
    leave();
    input.current.blur();
  };
  return (
    <>
      <input
        id={id}
        ref={input}
        type={type ?? "text"}
        className={className}
        aria-label={label}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        placeholder={placeholder}
        maxLength={maxLength}
        min={min}
        max={max}
        autoComplete="off"
        value={text}
        onChange={(event) => change(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {clearLabel && (
        <button type="button" className="icon-button" aria-label={clearLabel} onClick={() => (leave(), input.current.focus())}>
          <X size={16} strokeWidth={1.5} aria-hidden="true" />
        </button>
      )}
    </>
  );
}

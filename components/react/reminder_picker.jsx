// The reminders of one task: those it has, what is often added, and a line for any other moment.
import { useEffect, useRef, useState } from "react";
import { Bell, BellOff, BellRing, Check, CircleAlert, X } from "lucide-react";

const ICON = { size: 16, strokeWidth: 1.5, "aria-hidden": true };
const PAUSE_MS = 100;
const STATES = { planned: Bell, sent: BellRing, off: BellOff };
const PRESETS = [[0, "When due"], [10, "10 min before"], [30, "30 min before"], [60, "1 hour before"], [1440, "1 day before"]];

export function ReminderPicker({ opened, added, lines, understood, error, onType, onSendText, onAddBefore, onRemove }) {
  const root = useRef(null);
  const timer = useRef(0);
  const [text, setText] = useState("");
  const [shown, setShown] = useState(0);

  // Opening for another task: nothing of the last one may be seen until the server has answered.
  useEffect(() => {
    const popover = root.current.closest("[popover]");
    const empty = () => {
      clearTimeout(timer.current);
      setText("");
      setShown(0);
    };
    popover?.addEventListener("punctual:open", empty);
    return () => popover?.removeEventListener("punctual:open", empty);
  }, []);
  useEffect(() => setShown(opened), [opened]);
  useEffect(() => setText(""), [added]);

  const type = (next) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onType(next), PAUSE_MS);
  };
  const send = () => {
    clearTimeout(timer.current);
    if (text.trim()) onSendText(text);
  };
  const onKeyDown = (event) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  const remove = (key) => {
    onRemove(key);
    // The button goes with its line, and the focus with it.
    root.current.querySelector("input")?.focus();
  };
  const current = text && understood.text === text;
  const refused = error || (current && understood.error);
  return (
    <div ref={root} className="reminder-picker">
      <div className="picker-type">
        <input
          className="input input-small"
          type="text"
          autoComplete="off"
          maxLength={200}
          aria-label="Type when to remind"
          aria-invalid={refused ? true : undefined}
          aria-describedby="reminder-read"
          placeholder="“tomorrow 9am”, “2 hours before”"
          value={text}
          onChange={(event) => type(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <p className="picker-read" id="reminder-read" role="status" data-state={refused ? "unknown" : undefined} hidden={!current && !refused}>
          {refused ? <CircleAlert {...ICON} /> : <Check {...ICON} />}
          {refused || understood.label}
        </p>
      </div>
      {shown > 0 && lines.length > 0 && (
        <ul className="reminder-lines" aria-label="Reminders">
          {lines.map((line) => {
            const Icon = STATES[line.state] ?? Bell;
            return (
              <li key={line.key} className="reminder-line" data-state={line.state}>
                <Icon {...ICON} />
                <span className="reminder-words">
                  {line.words}
                  {line.note && <span className="reminder-note">{line.note}</span>}
                </span>
                <button type="button" className="icon-button icon-button-small" aria-label={`Remove ${line.words}`} onClick={() => remove(line.key)}>
                  <X {...ICON} />
                </button>
              </li>
            );
          })}
        </ul>
      )}
      <div className="toggles reminder-presets" role="group" aria-label="Often chosen">
        {PRESETS.map(([minutes, label]) => {
          const key = `before-${minutes}`;
          const isSet = lines.some((line) => line.key === key);
          return (
            <button key={key} type="button" className="toggle" aria-pressed={isSet} onClick={() => (isSet ? onRemove(key) : onAddBefore(minutes))}>
              {label}
            </button>
          );
        })}
      </div>
    </div>
  );
}

// Chooses when a task is due: typed words, shortcuts, a month, a time and a zone. What is chosen but not set yet
// is a draft in the browser; what the words mean is read by the server.
import { useEffect, useRef, useState } from "react";
import { Armchair, CalendarArrowUp, CalendarCheck2, Check, ChevronDown, CircleAlert, Clock, Repeat, Sunrise } from "lucide-react";
import { FieldError } from "./field_error.jsx";
import { MonthGrid } from "./month_grid.jsx";

const ICON = { size: 16, strokeWidth: 1.5, "aria-hidden": true };
const SHORTCUT_ICONS = { today: CalendarCheck2, tomorrow: Sunrise, weekend: Armchair, "next week": CalendarArrowUp };
const PAUSE_MS = 100;
const NOTHING = { day: "", time: "", timezone: "" };

const zones = () => (Intl.supportedValuesOf ? Intl.supportedValuesOf("timeZone") : []);

function ZoneChoice({ value, own, invalid, onChange }) {
  const others = zones().filter((zone) => zone !== own);
  const known = !value || value === own || others.includes(value);
  return (
    <div className="select">
      <select
        className="input input-small"
        aria-label="Time zone"
        aria-invalid={invalid || undefined}
        aria-describedby={invalid ? "date-zone-error" : undefined}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="">Wherever I am</option>
        {own && <option value={own}>{own} (my zone)</option>}
        {!known && <option value={value}>{value}</option>}
        <optgroup label="Other zones">
          {others.map((zone) => (
            <option key={zone} value={zone}>
              {zone.replaceAll("_", " ")}
            </option>
          ))}
        </optgroup>
      </select>
      <ChevronDown {...ICON} />
    </div>
  );
}

export function DatePicker({
  opened,
  target,
  accepted,
  day,
  time,
  timezone,
  ownTimezone,
  today,
  shortcuts,
  understood,
  error,
  errorField,
  repeats,
  several,
  onType,
  onSendText,
  onChoose,
  onRepeat,
}) {
  const root = useRef(null);
  const line = useRef(null);
  const timer = useRef(0);
  // Whether the server has said when the task is due, and what was chosen before it had.
  const known = useRef(true);
  const waiting = useRef(null);
  // Whether the recurrence dialog is to open once the date is set.
  const repeating = useRef(false);
  const [text, setText] = useState("");
  const [draft, setDraft] = useState(NOTHING);
  const [shown, setShown] = useState(false);
  const [following, setFollowing] = useState(false);

  // Opening for another task: nothing of the last one may be seen until the server has answered.
  useEffect(() => {
    const popover = root.current.closest("[popover]");
    const empty = () => {
      clearTimeout(timer.current);
      known.current = false;
      waiting.current = null;
      repeating.current = false;
      setText("");
      setDraft(NOTHING);
      setFollowing(false);
      setShown(true);
    };
    popover?.addEventListener("punctual:open", empty);
    return () => popover?.removeEventListener("punctual:open", empty);
  }, []);
  useEffect(() => {
    if (target !== globalThis.punctual?.target) return;
    const due = { day, time, timezone };
    setDraft(due);
    known.current = true;
    if (root.current.closest("[popover]")?.matches(":popover-open")) waiting.current?.(due);
    waiting.current = null;
  }, [opened]);
  useEffect(() => {
    if (!accepted) return;
    root.current.closest("[popover]")?.hidePopover();
    if (repeating.current) onRepeat(target);
    repeating.current = false;
  }, [accepted]);
  useEffect(() => {
    if (text && understood.text === text && understood.day)
      setDraft((before) => ({ ...before, day: understood.day, time: understood.time }));
  }, [understood]);
  useEffect(() => {
    if (!error) return;
    repeating.current = false;
    root.current.querySelector('[aria-invalid="true"]')?.focus();
  }, [error, errorField]);

  const type = (next) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onType(next), PAUSE_MS);
  };
  const choose = (chosen) => {
    clearTimeout(timer.current);
    onChoose(chosen.day, chosen.time, chosen.timezone, following);
  };
  // Keeps the task's time of day and zone, so it takes the task's date to be known.
  const withDue = (act) => {
    if (known.current) act(draft);
    else waiting.current = act;
  };
  const chooseDay = (next) => withDue((due) => choose({ ...due, day: next }));
  const set = () => {
    clearTimeout(timer.current);
    if (text.trim() && !(understood.text === text && understood.day))
      withDue((due) => onSendText(text, due.timezone, following));
    else withDue(choose);
  };
  // What is chosen but not set yet is what the recurrence is to count from.
  const isChanged =
    known.current && (text.trim() || draft.day !== day || draft.time !== time || draft.timezone !== timezone);
  const repeat = () => {
    if (!isChanged) return onRepeat(globalThis.punctual.target);
    repeating.current = true;
    set();
  };
  const onEnter = (event) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    set();
  };
  const selectDay = (next) => {
    setText("");
    setDraft({ ...draft, day: next });
  };
  const current = text && understood.text === text;
  const refused = (current && understood.error) || (errorField === "text" && error);
  return (
    <div ref={root} className="picker-parts">
      <div className="picker-type">
        <input
          ref={line}
          className="input input-small"
          type="text"
          autoComplete="off"
          maxLength={200}
          aria-label="Type a date"
          aria-invalid={refused ? true : undefined}
          aria-describedby="date-read"
          placeholder="Type a date, like “fri 5pm”"
          value={text}
          onChange={(event) => type(event.target.value)}
          onKeyDown={onEnter}
        />
        <p className="picker-read" id="date-read" role="status" data-state={refused ? "unknown" : undefined} hidden={!current && !refused}>
          {refused ? <CircleAlert {...ICON} /> : <Check {...ICON} />}
          {refused || understood.label}
        </p>
      </div>
      <div className="picker-shortcuts">
        {shortcuts.map((shortcut) => {
          const Icon = SHORTCUT_ICONS[shortcut.name] ?? CalendarCheck2;
          return (
            <button key={shortcut.name} type="button" className="menu-item" onClick={() => chooseDay(shortcut.day)}>
              <Icon {...ICON} />
              <span className="menu-label">{shortcut.label}</span>
              <span className="menu-hint">{shortcut.hint}</span>
            </button>
          );
        })}
      </div>
      {today && shown && (
        <MonthGrid day={draft.day} today={today} onSelect={selectDay} onAccept={chooseDay} />
      )}
      {errorField === "day" && <FieldError id="date-day-error" text={error} />}
      <div className="picker-time">
        <Clock {...ICON} />
        <input
          className="input input-small"
          type="text"
          autoComplete="off"
          maxLength={20}
          aria-label="Time"
          aria-invalid={(errorField === "time" && error && true) || undefined}
          aria-describedby={errorField === "time" && error ? "date-time-error" : undefined}
          placeholder="Time"
          value={draft.time}
          onChange={(event) => setDraft({ ...draft, time: event.target.value })}
          onKeyDown={onEnter}
        />
        <ZoneChoice
          value={draft.timezone}
          own={ownTimezone}
          invalid={errorField === "timezone" && Boolean(error)}
          onChange={(next) => setDraft({ ...draft, timezone: next })}
        />
        {errorField === "time" && <FieldError id="date-time-error" text={error} />}
        {errorField === "timezone" && <FieldError id="date-zone-error" text={error} />}
      </div>
      <div className="picker-repeat">
        {!several && (
          <button type="button" className="menu-item" data-choose={isChanged ? undefined : ""} onClick={repeat}>
            <Repeat {...ICON} />
            <span className="menu-label">{repeats ? `Repeats ${repeats}` : "Repeat…"}</span>
          </button>
        )}
        {repeats && (
          <label className="option">
            <input type="checkbox" checked={following} onChange={(event) => setFollowing(event.target.checked)} />
            Move the following ones too
          </label>
        )}
      </div>
      <div className="picker-foot">
        <button type="button" className="button button-plain" onClick={() => choose(NOTHING)}>
          No date
        </button>
        <button type="button" className="button button-primary" onClick={set}>
          Set date
        </button>
      </div>
    </div>
  );
}

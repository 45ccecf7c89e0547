// How a task repeats, in three ways that are one value: a phrase, presets, and the fields of a builder. What is
// chosen and not saved yet is a draft in the browser; the server says what it comes to, in words and dates.
import { useEffect, useRef, useState } from "react";
import { ChevronDown, Info, Repeat } from "lucide-react";
import { FieldError } from "./field_error.jsx";

const ICON = { size: 16, strokeWidth: 1.5, "aria-hidden": true };
const PAUSE_MS = 100;
const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const UNITS = ["day", "workday", "week", "month", "year"];
const NTHS = [[1, "1st"], [2, "2nd"], [3, "3rd"], [4, "4th"], [-1, "last"]];
const SAME = { month: "the same day", year: "the same date" };

const sentence = (words) => words.charAt(0).toUpperCase() + words.slice(1);

const errorOf = (name, view) => view.error_field === name && { id: `repeat-${name}-error`, text: view.error };

const invalid = (view, name) =>
  view.error_field === name ? { "aria-invalid": true, "aria-describedby": `repeat-${name}-error` } : {};

function Select({ label, value, options, onChange, ...rest }) {
  return (
    <div className="select">
      <select className="input input-small" aria-label={label} value={value} onChange={(event) => onChange(event.target.value)} {...rest}>
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
      <ChevronDown {...ICON} />
    </div>
  );
}

function Segmented({ label, value, options, onChange }) {
  const onKeyDown = (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const here = options.findIndex(([key]) => key === value);
    const next = (here + step + options.length) % options.length;
    onChange(options[next][0]);
    event.currentTarget.children[next].focus();
  };
  return (
    <div className="segmented" role="radiogroup" aria-label={label} onKeyDown={onKeyDown}>
      {options.map(([key, text]) => (
        <button key={key} type="button" role="radio" aria-checked={key === value} tabIndex={key === value ? 0 : -1} onClick={() => onChange(key)}>
          {text}
        </button>
      ))}
    </div>
  );
}

function Row({ label, children }) {
  return (
    <div className="repeat-row">
      <span className="repeat-label" aria-hidden="true">
        {label}
      </span>
      <div className="repeat-controls">{children}</div>
    </div>
  );
}

function Weekdays({ chosen, onChange }) {
  const toggle = (day) => onChange(chosen.includes(day) ? chosen.filter((each) => each !== day) : [...chosen, day].sort());
  return (
    <div className="weekdays" role="group" aria-label="Days of the week">
      {DAYS.map((name, day) => (
        <button key={name} type="button" className="toggle" aria-pressed={chosen.includes(day)} aria-label={name} onClick={() => toggle(day)}>
          {name.slice(0, 2)}
        </button>
      ))}
    </div>
  );
}

// Which day of the month or year.
function DayOf({ draft, view, change }) {
  const yearly = draft.unit === "year";
  const ways = [
    ["day", yearly ? "the date" : "day"],
    ["weekday", "the"],
    ...(yearly ? [] : [["last", "the last day"]]),
    ["same", SAME[draft.unit]],
  ];
  const month = <Select label="Month" value={draft.month} options={MONTHS.map((name, index) => [index + 1, name])} onChange={(next) => change({ month: Number(next) })} />;
  return (
    <Row label="On">
      <Select label="Which day" value={yearly && draft.on === "last" ? "day" : draft.on} options={ways} onChange={(on) => change({ on })} />
      {draft.on === "day" && (
        <input
          className="input input-small repeat-number"
          inputMode="numeric"
          aria-label={yearly ? "Day of the month" : "Day"}
          maxLength={2}
          value={draft.day}
          onChange={(event) => change({ day: event.target.value })}
          {...invalid(view, "day")}
        />
      )}
      {draft.on === "weekday" && (
        <>
          <Select label="Which one" value={draft.nth} options={NTHS} onChange={(next) => change({ nth: Number(next) })} />
          <Select
            label="Day of the week"
            value={draft.weekday}
            options={[...DAYS.entries(), ...(yearly ? [] : [[7, "workday"]])]}
            onChange={(next) => change({ weekday: Number(next) })}
          />
        </>
      )}
      {yearly && draft.on !== "same" && month}
      <FieldError {...errorOf("day", view)} />
      <FieldError {...errorOf("weekday", view)} />
    </Row>
  );
}

function Ending({ draft, view, change }) {
  const ends = [["never", "Never"], ["date", "On a date"], ["count", "After"]];
  return (
    <Row label="Ends">
      <Select label="Ends" value={draft.ends} options={ends} onChange={(next) => change({ ends: next })} />
      {draft.ends === "date" && (
        <input
          className="input input-small repeat-date"
          type="date"
          aria-label="Last day"
          value={draft.until}
          onChange={(event) => change({ until: event.target.value })}
          {...invalid(view, "until")}
        />
      )}
      {draft.ends === "count" && (
        <>
          <input
            className="input input-small repeat-number"
            inputMode="numeric"
            aria-label="How many times"
            maxLength={4}
            value={draft.count}
            onChange={(event) => change({ count: event.target.value })}
            {...invalid(view, "count")}
          />
          <span className="quiet">{draft.count === "1" ? "time" : "times"}</span>
        </>
      )}
      <FieldError {...errorOf("until", view)} />
      <FieldError {...errorOf("count", view)} />
    </Row>
  );
}

function IfOverdue({ draft, change }) {
  return (
    <Row label="If overdue">
      <Select
        label="If overdue"
        value={draft.if_overdue}
        options={[["future", "The next in the future"], ["next", "The next one"]]}
        onChange={(if_overdue) => change({ if_overdue }, true)}
      />
    </Row>
  );
}

// What the fields can't show: several days of a month, several rules, hours.
function Custom({ draft, change }) {
  return (
    <div className="repeat-builder" role="group" aria-label="Rule">
      <p className="repeat-custom">
        <Info {...ICON} />
        <span>
          Custom rule, which is kept as it is. <button type="button" className="link-button" onClick={() => change({})}>Choose another</button>
        </span>
      </p>
      <IfOverdue draft={draft} change={change} />
    </div>
  );
}

function Builder({ draft, view, change, toAnchor }) {
  const plural = draft.every.trim() === "1" ? "" : "s";
  return (
    <div className="repeat-builder" role="group" aria-label="Rule">
      <Row label="Every">
        <input
          className="input input-small repeat-number"
          inputMode="numeric"
          aria-label="How many"
          maxLength={4}
          value={draft.every}
          onChange={(event) => change({ every: event.target.value })}
          {...invalid(view, "every")}
        />
        <Select label="Unit" value={draft.unit} options={UNITS.map((unit) => [unit, `${unit}${plural}`])} onChange={(unit) => change({ unit })} />
        <FieldError {...errorOf("every", view)} />
      </Row>
      {draft.unit === "week" && (
        <Row label="On">
          <Weekdays chosen={draft.weekdays} onChange={(weekdays) => change({ weekdays })} />
        </Row>
      )}
      {(draft.unit === "month" || draft.unit === "year") && <DayOf draft={draft} view={view} change={change} />}
      <Row label="Counted from">
        <Segmented label="Counted from" value={draft.anchor} options={[["schedule", "Schedule"], ["completion", "Completion"]]} onChange={toAnchor} />
      </Row>
      {draft.anchor === "schedule" && <IfOverdue draft={draft} change={change} />}
      <Ending draft={draft} view={view} change={change} />
    </div>
  );
}

function Preview({ view, anchor, stale }) {
  return (
    <section className="repeat-preview" aria-label="Next dates" data-stale={stale}>
      <p className="repeat-words" role="status">
        <Repeat {...ICON} />
        <span>{view.words ? sentence(view.words) : "No rule yet"}</span>
      </p>
      <ol className="repeat-dates">
        {view.dates.map((day) => (
          <li key={day}>{day}</li>
        ))}
        {view.is_over && view.dates.length > 0 && <li className="quiet">then it ends</li>}
      </ol>
      {anchor === "completion" && view.dates.length > 0 && <p className="hint">If each is completed on its day.</p>}
      {view.note && <p className="hint">{view.note}.</p>}
      <FieldError {...errorOf("form", view)} />
    </section>
  );
}

export function RecurrenceForm({ opened, stored, presets, foreseen, repeats, onConsider, onSave, onRemove, onClose }) {
  const form = useRef(null);
  const timer = useRef(0);
  const turn = useRef(0);
  const [draft, setDraft] = useState(null);
  const [busy, setBusy] = useState(false);
  const [ready, setReady] = useState(0);

  useEffect(() => {
    if (!opened) return;
    clearTimeout(timer.current);
    turn.current = 0;
    setBusy(false);
    setDraft({ ...stored, phrase: "" });
    setReady(opened);
  }, [opened]);
  // Once the fields are drawn and the dialog is open. On a phone its keyboard would cover what there is to choose from.
  useEffect(() => {
    if (!ready) return;
    form.current.querySelector('.repeat-presets [aria-pressed="true"]')?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (!matchMedia("(pointer: coarse)").matches) form.current.elements["repeat-phrase"].focus();
  }, [ready]);
  useEffect(() => {
    setBusy(false);
    if (foreseen.turn === turn.current && foreseen.fields) setDraft((before) => ({ ...before, ...foreseen.fields }));
  }, [foreseen]);

  if (!draft) return null;
  const settled = foreseen.turn === turn.current;
  const view = foreseen;
  const ask = (next, pause) => {
    clearTimeout(timer.current);
    turn.current += 1;
    const question = { ...next, turn: turn.current };
    timer.current = setTimeout(() => onConsider(question), pause);
    setDraft(next);
  };
  // What a custom rule does when it is late can be chosen without touching the rule.
  const change = (values, keeps = false) =>
    ask(keeps ? { ...draft, ...values } : { ...draft, ...values, source: "builder", phrase: "" }, PAUSE_MS);
  const type = (phrase) => ask(phrase.trim() ? { ...draft, phrase, source: "phrase" } : { ...draft, phrase, source: stored.source }, PAUSE_MS);
  const toAnchor = (anchor) =>
    change(anchor === "completion" ? { anchor, weekdays: [], on: "same" } : { anchor, weekdays: presets[2].fields.weekdays, on: "day" });
  const save = (event) => {
    event.preventDefault();
    clearTimeout(timer.current);
    turn.current += 1;
    setBusy(true);
    onSave({ ...draft, turn: turn.current });
  };
  return (
    <form ref={form} className="repeat-form" onSubmit={save} noValidate>
      <div className="dialog-body">
        <div className="repeat-phrase">
          <input
            name="repeat-phrase"
            className="input"
            type="text"
            autoComplete="off"
            maxLength={2000}
            aria-label="Type how it repeats"
            placeholder="every 2 weeks on mon, fri until 1 Mar"
            value={draft.phrase}
            onChange={(event) => type(event.target.value)}
            {...invalid(view, "phrase")}
          />
          <FieldError {...errorOf("phrase", view)} />
        </div>
        <div className="toggles repeat-presets" role="group" aria-label="Presets">
          {presets.map((preset) => (
            <button
              key={preset.label}
              type="button"
              className="toggle"
              aria-pressed={settled && sentence(view.words) === preset.label}
              onClick={() => ask({ ...draft, ...preset.fields, source: "builder", phrase: "" }, 0)}
            >
              {preset.label}
            </button>
          ))}
        </div>
        {view.is_custom && draft.source !== "builder" ? (
          <Custom draft={draft} change={change} />
        ) : (
          <Builder draft={draft} view={view} change={change} toAnchor={toAnchor} />
        )}
      </div>
      <Preview view={view} anchor={draft.anchor} stale={!settled} />
      <div className="dialog-foot">
        {repeats && (
          <button type="button" className="button button-danger-quiet repeat-remove" onClick={onRemove}>
            Stop repeating
          </button>
        )}
        <button type="button" className="button button-plain" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" className="button button-primary" aria-busy={busy}>
          Save
        </button>
      </div>
    </form>
  );
}

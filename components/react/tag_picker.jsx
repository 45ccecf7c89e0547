// Finds tags by typing, puts them on tasks and takes them off, and makes one that is not there yet.
import { useEffect, useRef, useState } from "react";
import { Check, Minus, Plus, Search } from "lucide-react";
import { FieldError } from "./field_error.jsx";

const ICON = { size: 16, strokeWidth: 1.5, "aria-hidden": true };
const SHOWN_MAX = 100;

const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

export function TagPicker({ tags, checked, mixed, error, onToggle, onMake }) {
  const root = useRef(null);
  const input = useRef(null);
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);

  useEffect(() => {
    const popover = root.current.closest("[popover]");
    const empty = () => (setText(""), setActive(0));
    popover?.addEventListener("punctual:open", empty);
    return () => popover?.removeEventListener("punctual:open", empty);
  }, []);

  const name = text.trim().replace(/^#/, "");
  const fitting = tags.filter((tag) => folded(tag.name).includes(folded(name))).slice(0, SHOWN_MAX);
  const isNew = name && !tags.some((tag) => tag.name.toLowerCase() === name.toLowerCase());
  const options = [...fitting.map((tag) => ({ tag })), ...(isNew ? [{ make: name }] : [])];
  const here = Math.min(active, options.length - 1);

  const type = (next) => (setText(next), setActive(0));
  const choose = (option) => {
    if (!option) return;
    if (option.tag) onToggle(option.tag.id);
    else onMake(option.make);
    type("");
    input.current.focus();
  };
  const onKeyDown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length) {
      event.preventDefault();
      setActive((here + step + options.length) % options.length);
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      choose(options[here]);
    }
  };
  useEffect(() => {
    root.current.querySelector('[data-active="true"]')?.scrollIntoView({ block: "nearest" });
  }, [here]);

  const state = (tag) => (checked.includes(tag.id) ? "true" : mixed.includes(tag.id) ? "mixed" : "false");
  const option = (index, key, content, selected, spoken) => (
    <div
      key={key}
      id={`tag-option-${index}`}
      role="option"
      className="menu-item"
      aria-selected={selected === "true"}
      aria-label={spoken}
      data-state={selected}
      data-active={index === here}
      onMouseMove={() => setActive(index)}
      onClick={() => choose(options[index])}
    >
      {content}
    </div>
  );
  return (
    <div ref={root} className="tag-picker">
      <div className="menu-search">
        <Search {...ICON} />
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls="tag-options"
          aria-activedescendant={options.length ? `tag-option-${here}` : undefined}
          aria-label="Find or create a tag"
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? "tag-picker-error" : undefined}
          placeholder="Find or create a tag"
          autoComplete="off"
          maxLength={120}
          value={text}
          onChange={(event) => type(event.target.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <FieldError id="tag-picker-error" text={error} />
      <div className="menu" role="listbox" aria-multiselectable="true" id="tag-options" aria-label="Tags">
        {fitting.map((tag, index) =>
          option(
            index,
            tag.id,
            <>
              <span className="dot" data-color={tag.color} />
              <span className="menu-label">{tag.name}</span>
              {tag.count && <span className="menu-hint">{tag.count}</span>}
              {state(tag) === "mixed" ? <Minus {...ICON} className="menu-tick" /> : <Check {...ICON} className="menu-tick" />}
            </>,
            state(tag),
            state(tag) === "mixed" ? `${tag.name}, on some of the tasks` : tag.name,
          ),
        )}
        {isNew &&
          option(
            fitting.length,
            "new",
            <>
              <Plus {...ICON} />
              <span className="menu-label">Create “{name}”</span>
              <span className="menu-hint">↵</span>
            </>,
            "false",
            `Create ${name}`,
          )}
        {!options.length && <p className="menu-empty">No tags yet. Type a name to create one.</p>}
      </div>
    </div>
  );
}

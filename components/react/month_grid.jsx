// One month of days to choose from, with the keys of the ARIA date-picker pattern.
import { useEffect, useRef, useState } from "react";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { addDays, addMonths, say, weekday, weeksOf } from "./days.js";

const FIRST = "1900-01-01";
const LAST = "2199-12-31";
const NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const ICON = { size: 16, strokeWidth: 1.5, "aria-hidden": true };

const within = (day) => (day < FIRST ? FIRST : day > LAST ? LAST : day);

const moved = (day, event) => {
  const { key, shiftKey } = event;
  if (key === "ArrowLeft") return addDays(day, -1);
  if (key === "ArrowRight") return addDays(day, 1);
  if (key === "ArrowUp") return addDays(day, -7);
  if (key === "ArrowDown") return addDays(day, 7);
  if (key === "Home") return addDays(day, -weekday(day));
  if (key === "End") return addDays(day, 6 - weekday(day));
  if (key === "PageUp") return addMonths(day, shiftKey ? -12 : -1);
  if (key === "PageDown") return addMonths(day, shiftKey ? 12 : 1);
  return null;
};

export function MonthGrid({ day, today, onSelect, onAccept }) {
  // The day that Tab reaches; its month is the one shown.
  const [place, setPlace] = useState(day || today);
  const wanted = useRef(false);
  const table = useRef(null);

  useEffect(() => setPlace(day || today), [day, today]);
  useEffect(() => {
    if (!wanted.current) return;
    wanted.current = false;
    table.current.querySelector('[tabindex="0"]')?.focus();
  }, [place]);

  const onKeyDown = (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      return onAccept(place);
    }
    const next = moved(place, event);
    if (!next) return;
    event.preventDefault();
    wanted.current = true;
    setPlace(within(next));
  };
  const turn = (months) => setPlace(within(addMonths(place, months)));
  const month = place.slice(0, 7);
  return (
    <div className="picker-month">
      <div className="month-head">
        <h2 className="month-name" id="month-name" aria-live="polite">
          {say(place, { month: "long", year: "numeric" })}
        </h2>
        <button type="button" className="icon-button icon-button-small" aria-label="Previous month" onClick={() => turn(-1)}>
          <ChevronLeft {...ICON} />
        </button>
        <button type="button" className="icon-button icon-button-small" aria-label="Next month" onClick={() => turn(1)}>
          <ChevronRight {...ICON} />
        </button>
      </div>
      <table className="month" role="grid" aria-labelledby="month-name" ref={table} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            {NAMES.map((name) => (
              <th key={name} scope="col" abbr={name}>
                {name.slice(0, 2)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(place).map((week) => (
            <tr key={week[0]}>
              {week.map((each) => (
                <td key={each} role="gridcell" aria-selected={each === day}>
                  <button
                    type="button"
                    className="day"
                    tabIndex={each === place ? 0 : -1}
                    aria-label={say(each, { weekday: "long", day: "numeric", month: "long", year: "numeric" })}
                    aria-current={each === today ? "date" : undefined}
                    data-day={each}
                    data-outside={each.startsWith(month) ? undefined : "true"}
                    disabled={each < FIRST || each > LAST}
                    onClick={() => onSelect(each)}
                    onDoubleClick={() => onAccept(each)}
                  >
                    {Number(each.slice(8))}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

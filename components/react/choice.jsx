// One of a few values, as a select of the form.
import { ChevronDown } from "lucide-react";

export function Choice({ name, label, choices, first }) {
  return (
    <div className="select">
      <select name={name} className="input" aria-label={label} defaultValue={first}>
        {choices.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
      <ChevronDown size={16} strokeWidth={1.5} aria-hidden />
    </div>
  );
}

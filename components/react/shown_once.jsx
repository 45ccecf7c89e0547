// A secret that was just made, to copy; nobody can show it again.
import { useRef, useState } from "react";
import { Check, Copy } from "lucide-react";

const ICON = { size: 16, strokeWidth: 1.5, "aria-hidden": true };

export function ShownOnce({ value, label }) {
  const field = useRef(null);
  const [copied, setCopied] = useState("");

  const copy = async () => {
    field.current.select();
    // Browsers have it on pages that came safely only.
    if (!navigator.clipboard) return;
    await navigator.clipboard.writeText(value);
    setCopied(value);
  };

  return (
    <div className="once">
      <input ref={field} className="input" readOnly value={value} aria-label={label} onFocus={(event) => event.target.select()} />
      <button type="button" className="button" onClick={copy}>
        {copied === value ? <Check {...ICON} /> : <Copy {...ICON} />}
        {copied === value ? "Copied" : "Copy"}
      </button>
      <p className="hint" role="status">
        Copy it now: it is shown this once.
      </p>
    </div>
  );
}

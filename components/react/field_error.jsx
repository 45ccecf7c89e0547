// What is wrong with a field, or with a whole form; nothing while nothing is.
import { CircleAlert } from "lucide-react";

const ICON = { size: 16, strokeWidth: 1.5, "aria-hidden": true };

export function FieldError({ id, text }) {
  if (!text) return null;
  return (
    <p className="field-error" id={id} role="alert">
      <CircleAlert {...ICON} />
      <span>{text}</span>
    </p>
  );
}

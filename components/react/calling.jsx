// What the forms have in common that ask the REST API: they are busy meanwhile, and say what went wrong.
import { useState } from "react";
import { CircleAlert } from "lucide-react";
import { ask } from "./rest.js";

const ICON = { size: 16, strokeWidth: 1.5, "aria-hidden": true };

// `call` takes what `ask` takes, and gives the answer, or undefined when there was an error.
export function useCalling() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");

  const call = async (method, path, body) => {
    setBusy(true);
    const { answer, error: wrong } = await ask(method, path, body);
    setBusy(false);
    setError(wrong ?? "");
    return wrong ? undefined : answer;
  };

  return { busy, error, call };
}

export function FieldError({ text }) {
  if (!text) return null;
  return (
    <p className="field-error" role="alert">
      <CircleAlert {...ICON} />
      <span>{text}</span>
    </p>
  );
}

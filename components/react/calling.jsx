// What the forms have in common that ask the REST API: they are busy meanwhile, and hear what went wrong.
import { useState } from "react";
import { ask } from "./rest.js";

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

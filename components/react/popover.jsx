// A panel that assets/client/menus.js opens beside a button; it tells the server for which task.
import { useEffect, useRef } from "react";

export function Popover({ id, role, label, className, onOpen, children }) {
  const panel = useRef(null);
  const latest = useRef(onOpen);
  latest.current = onOpen;
  useEffect(() => {
    const tell = () => latest.current?.(globalThis.punctual.target);
    panel.current.addEventListener("punctual:open", tell);
    return () => panel.current?.removeEventListener("punctual:open", tell);
  }, []);
  return (
    <div id={id} ref={panel} popover="auto" role={role ?? "dialog"} aria-label={label} className={`popover ${className ?? ""}`}>
      {children}
    </div>
  );
}

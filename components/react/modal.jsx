// The browser's own modal dialog: it traps focus, closes on Escape and gives focus back by itself.
import { useEffect, useRef } from "react";

export function Modal({ id, open, onClose, label, size, role, className, children }) {
  const dialog = useRef(null);
  useEffect(() => {
    if (open && !dialog.current.open) dialog.current.showModal();
    if (!open && dialog.current.open) dialog.current.close();
  }, [open]);
  return (
    <dialog
      id={id}
      ref={dialog}
      className={className}
      role={role}
      aria-label={label}
      data-size={size}
      // A dialog or menu inside tells of its own closing, which is none of ours.
      onClose={(event) => event.target === dialog.current && open && onClose && onClose()}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      {children}
    </dialog>
  );
}

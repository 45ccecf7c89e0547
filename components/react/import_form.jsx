// Importing a file: a look at what becomes of each row, then the import itself. The file goes straight to the
// REST API, for a socket is no way for megabytes; the list is told of what came in as of any other change.
import { useRef, useState } from "react";
import { Check, CircleAlert, Download, Upload } from "lucide-react";
import { FieldError } from "./field_error.jsx";
import { ask } from "./rest.js";

const ICON = { size: 16, strokeWidth: 1.5, "aria-hidden": true };
const SHOWN = 200;
const OUTCOMES = { create: "New", restore: "Back from the trash", skip: "Here already", reject: "To correct" };
// A file that is refused is answered with its report too: what is to be corrected.
const send = async (file, parameters) => {
  const form = new FormData();
  form.append("file", file);
  const { answer, error, problem } = await ask("POST", `/api/v1/import${parameters}`, form);
  const report = answer ?? problem?.report ?? null;
  return { report, error: report ? "" : error };
};

// What needs a look comes first.
const weight = (row) => (row.outcome === "reject" ? 0 : row.notes.length ? 1 : 2);
const inOrder = (rows) => [...rows].sort((a, b) => weight(a) - weight(b) || a.row - b.row);

function Rows({ rows }) {
  const shown = inOrder(rows).slice(0, SHOWN);
  if (!shown.length) return null;
  return (
    <div className="report" role="region" aria-label="What becomes of each row" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Row</th>
            <th scope="col">Task</th>
            <th scope="col">Becomes</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row, index) => (
            <tr key={index} data-outcome={row.outcome}>
              <td>{row.row}</td>
              <td>
                {row.title || "—"}
                {row.notes.map((note, number) => (
                  <p key={number} className="hint">
                    {note.field}: {note.reason}
                  </p>
                ))}
              </td>
              <td>{OUTCOMES[row.outcome]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shown.length && <p className="hint">And {(rows.length - shown.length).toLocaleString("en")} more.</p>}
    </div>
  );
}

function Summary({ report }) {
  const names = [
    ["New projects", report.new_projects],
    ["New tags", report.new_tags],
    ["New filters", report.new_filters],
  ].filter(([, list]) => list.length);
  return (
    <>
      <p className="report-summary" role="status">
        {report.rejected ? <CircleAlert {...ICON} /> : report.done ? <Check {...ICON} /> : null}
        <span>{report.summary}</span>
      </p>
      {names.map(([label, list]) => (
        <p key={label} className="hint">
          {label}: {list.slice(0, 20).join(", ")}
          {list.length > 20 && ` and ${list.length - 20} more`}
        </p>
      ))}
      {report.remarks.map((remark) => (
        <p key={remark} className="hint">
          {remark}
        </p>
      ))}
    </>
  );
}

// A link that the page's router leaves alone.
export function DownloadLink({ href, label }) {
  return (
    <a className="button" href={href} download>
      <Download {...ICON} />
      {label}
    </a>
  );
}

export function ImportForm({ describedBy }) {
  const input = useRef(null);
  const [file, setFile] = useState(null);
  const [busy, setBusy] = useState(false);
  const [report, setReport] = useState(null);
  const [error, setError] = useState("");

  const during = async (work) => {
    if (busy) return;
    setBusy(true);
    setError("");
    const { report: found, error: wrong } = await work();
    setBusy(false);
    setError(wrong ?? "");
    setReport(found);
  };
  const look = (chosen) => {
    setFile(chosen);
    setReport(null);
    during(() => send(chosen, "?dry_run=true"));
  };
  const takeOver = () => during(() => send(file, ""));
  const takeBack = () =>
    during(async () => {
      const { error: wrong } = await ask("POST", `/api/v1/undo/${report.undo}`);
      return wrong ? { report, error: wrong } : { report: { ...report, summary: "The import was taken back.", undo: null, rows: [] } };
    });
  const leave = () => {
    setFile(null);
    setReport(null);
    setError("");
  };
  const news = report ? report.created + report.restored : 0;
  const canImport = report && !report.done && !report.rejected && news > 0;

  return (
    <div className="form">
      <input
        ref={input}
        type="file"
        hidden
        accept=".json,.csv,.ics,.zip"
        onChange={(event) => {
          if (event.target.files[0]) look(event.target.files[0]);
          // The same file can be chosen again, once it was corrected.
          event.target.value = "";
        }}
      />
      <div className="form-actions">
        <button
          type="button"
          className="button"
          aria-describedby={describedBy}
          aria-busy={busy && !report}
          onClick={() => input.current.click()}
        >
          <Upload {...ICON} />
          Choose a file
        </button>
        {file && <span className="hint">{file.name}</span>}
      </div>
      <FieldError text={error} />
      {report && <Summary report={report} />}
      {report && <Rows rows={report.rows} />}
      {report && (
        <div className="form-actions">
          {canImport && (
            <button type="button" className="button button-primary" aria-busy={busy} onClick={takeOver}>
              Import {news.toLocaleString("en")} {news === 1 ? "task" : "tasks"}
            </button>
          )}
          {report.done && report.undo && (
            <button type="button" className="button" aria-busy={busy} onClick={takeBack}>
              Undo
            </button>
          )}
          <button type="button" className="button button-plain" onClick={leave}>
            {report.done ? "Close" : "Cancel"}
          </button>
        </div>
      )}
    </div>
  );
}

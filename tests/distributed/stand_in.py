"""An app that says yes to everything its sidecar brings, and notes it: `python -m tests.distributed.stand_in`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from fastapi import Body, FastAPI, Request

NOTES = "STAND_IN_NOTES"

app = FastAPI()


@app.get("/healthz")
@app.get("/readyz")
async def alive() -> dict[str, str]:
    return {}


@app.post("/events/{kind}/{name}")
@app.post("/events/{kind}")
def take(request: Request, document: Annotated[Any, Body()] = None) -> dict[str, Any]:
    entries = document["entries"] if isinstance(document, dict) and "entries" in document else []
    note = {
        "path": request.url.path,
        "token": request.headers.get("dapr-api-token"),
        "caller": request.headers.get("dapr-caller-app-id"),
        "events": [entry["event"] for entry in entries],
    }
    with Path(os.environ[NOTES]).open("a") as notes:
        notes.write(json.dumps(note) + "\n")
    return {"statuses": [{"entryId": entry["entryId"], "status": "SUCCESS"} for entry in entries]}


if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["TODO_PORT"]), log_level="warning")

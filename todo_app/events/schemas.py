"""The JSON Schemas of everything that is published, and whether a change of one breaks those who read it.

`python -m todo_app.events.schemas FOLDER` writes them; it refuses a change that breaks readers.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from todo_app.domain.events import AnyPayload
from todo_app.events.envelope import CloudEvent
from todo_app.events.sealed import Sealed
from todo_app.events.updates import Update

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, Schema]:
    """By the CloudEvent's type: the schema of the whole document (JSON Schema 2020-12)."""
    payloads: tuple[type[BaseModel], ...] = AnyPayload.__origin__.__args__  # type: ignore[attr-defined]
    own = {payload.model_fields["type"].default: _document(payload) for payload in payloads}
    others = {model.model_fields["type"].default: _schema(model) for model in (Update, Sealed)}
    return {name: {"$schema": _DIALECT, **schema} for name, schema in sorted((own | others).items())}


def breaks(earlier: Schema, later: Schema) -> list[str]:
    """What of a change breaks somebody: documents that no longer fit, or readers who miss something.

    A new property that may be missing breaks nobody who ignores what they don't know, as readers must.
    """
    return list(_breaks(earlier, later, earlier, later, "document"))


def _breaks(old: Schema, new: Schema, old_root: Schema, new_root: Schema, where: str) -> Iterator[str]:
    old, new = _resolved(old, old_root), _resolved(new, new_root)
    for name in set(old.get("properties", {})) - set(new.get("properties", {})):
        yield f"{where}.{name} is gone"
    for name in set(new.get("required", [])) - set(old.get("required", [])):
        yield f"{where}.{name} is required now"
    if missing := _values(old) - _values(new):
        yield f"{where} can't be {', '.join(sorted(missing))} any more"
    if lost := _types(old, old_root) - _types(new, new_root):
        yield f"{where} can't be of type {', '.join(sorted(lost))} any more"
    for name in set(old.get("properties", {})) & set(new.get("properties", {})):
        yield from _breaks(
            old["properties"][name], new["properties"][name], old_root, new_root, f"{where}.{name}"
        )
    if "items" in old and "items" in new:
        yield from _breaks(old["items"], new["items"], old_root, new_root, f"{where}[]")


def _resolved(schema: Schema, root: Schema) -> Schema:
    """The schema that a reference, or a choice between one schema and null, stands for."""
    choices = [each for each in schema.get("anyOf", []) if each != {"type": "null"}]
    if len(choices) == 1:
        return _resolved(choices[0], root)
    if "$ref" in schema:
        return _resolved(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    return schema


def _values(schema: Schema) -> set[str]:
    return {json.dumps(each) for each in (*schema.get("enum", []), *_constant(schema))}


def _constant(schema: Schema) -> list[object]:
    return [schema["const"]] if "const" in schema else []


def _types(schema: Schema, root: Schema) -> set[str]:
    choices = [_resolved(each, root) for each in schema.get("anyOf", [])]
    return {each["type"] for each in (schema, *choices) if "type" in each}


def _document(payload: type[BaseModel]) -> Schema:
    """The schema of a domain event: the envelope around its data, which has the type beside it."""
    envelope, data = _schema(CloudEvent), _schema(payload)
    definitions = {**envelope.pop("$defs", {}), **data.pop("$defs", {})}
    name = data["properties"].pop("type")["const"]
    envelope["properties"]["type"] = {"const": name, "type": "string"}
    envelope["properties"]["data"] = data
    return {**envelope, "title": name, "description": data.pop("description"), "$defs": definitions}


def _schema(model: type[BaseModel]) -> Schema:
    return model.model_json_schema(mode="serialization")


def _write(folder: Path, wanted: Mapping[str, Schema]) -> list[str]:
    """Write the files; what would break somebody is not written but returned."""
    problems = []
    for name, schema in wanted.items():
        file = folder / f"{name}.json"
        broken = breaks(json.loads(file.read_text(encoding="utf-8")), schema) if file.exists() else []
        problems += [f"{name}: {each}" for each in broken]
        if not broken:
            file.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return problems


if __name__ == "__main__":
    sys.exit("\n".join(_write(Path(sys.argv[1]), schemas())) or 0)

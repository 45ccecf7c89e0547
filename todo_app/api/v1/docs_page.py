"""The description of the REST API as a page for people; it needs no script and nothing from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

_STYLE = """
:root { color-scheme: light dark; --line: light-dark(#ddd, #444); --soft: light-dark(#f5f5f5, #222); }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 3rem; text-transform: capitalize; border-bottom: 1px solid var(--line); }
article { margin: 2rem 0; }
code, pre { font: .9em ui-monospace, monospace; background: var(--soft); border-radius: .25rem; }
code { padding: .1em .3em; } pre { padding: .75rem; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid var(--line); }
nav ul { columns: 18rem; padding-left: 1rem; }
"""


def docs_page(description: Mapping[str, Any]) -> str:
    """The page."""
    operations = list(_operations(description))
    tags = list(dict.fromkeys(operation["tags"][0] for _, _, operation in operations))
    about = "".join(f"<p>{_prose(part)}</p>" for part in description["info"]["description"].split("\n\n"))
    contents = "".join(f'<li><a href="#{_anchor(tag)}">{escape(tag)}</a></li>' for tag in tags)
    sections = "".join(
        f'<section id="{_anchor(tag)}"><h2>{escape(tag)}</h2>'
        + "".join(_article(description, *each) for each in operations if each[2]["tags"][0] == tag)
        + "</section>"
        for tag in tags
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>REST API of Punctual</title>'
        f"<style>{_STYLE}</style></head><body><h1>REST API of Punctual</h1>{about}"
        '<p>For programs: <a href="/api/v1/openapi.json">openapi.json</a></p>'
        f"<nav aria-label=Contents><ul>{contents}</ul></nav><main>{sections}</main></body></html>"
    )


def _operations(description: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _article(description: Mapping[str, Any], method: str, path: str, operation: dict[str, Any]) -> str:
    server = description["servers"][0]["url"]
    parts = [
        f'<article id="{operation["operationId"]}"><h3><code>{method} {escape(server + path)}</code></h3>',
        f"<p>{_prose(operation.get('description') or operation['summary'].capitalize() + '.')}</p>",
        _parameters(operation.get("parameters", [])),
        _body(description, operation),
        _responses(operation["responses"]),
        "</article>",
    ]
    return "".join(parts)


def _parameters(parameters: list[dict[str, Any]]) -> str:
    if not parameters:
        return ""
    rows = "".join(
        f"<tr><td><code>{escape(each['name'])}</code></td><td>{escape(each['in'])}</td>"
        f"<td>{escape(_kind(each['schema']))}</td><td>{_prose(each.get('description', ''))}</td></tr>"
        for each in parameters
    )
    head = "<tr><th>Parameter</th><th>In</th><th>Kind</th><th>What</th></tr>"
    return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"


def _body(description: Mapping[str, Any], operation: dict[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    name = _name(content["schema"]) if content else None
    if name is None:
        return ""
    schema = description["components"]["schemas"][name]
    needed = schema.get("required", [])
    rows = "".join(
        f"<tr><td><code>{escape(field)}</code>{' (needed)' if field in needed else ''}</td>"
        f"<td>{escape(_kind(each))}</td><td>{_prose(each.get('description', ''))}</td></tr>"
        for field, each in schema.get("properties", {}).items()
    )
    if not rows:
        return ""
    examples = "".join(
        f"<pre>{escape(json.dumps(example, indent=2, ensure_ascii=False))}</pre>"
        for example in schema.get("examples", [])
    )
    head = "<thead><tr><th>Field</th><th>Kind</th><th>What</th></tr></thead>"
    said = _prose(schema.get("description", ""))
    return f"<p>{said}</p><table>{head}<tbody>{rows}</tbody></table>{examples}"


def _responses(responses: dict[str, Any]) -> str:
    items = []
    for status, response in responses.items():
        schema = next((each.get("schema") for each in response.get("content", {}).values()), None)
        name = _name(schema) if schema else None
        what = f" — {escape(name)}" if name and name != "Problem" else ""
        items.append(f"<li><code>{status}</code> {_prose(response['description'])}{what}</li>")
    return f"<ul>{''.join(items)}</ul>"


def _kind(schema: Mapping[str, Any]) -> str:
    """A schema in a few words."""
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"]).lower()
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    return _name(schema) or str(schema.get("format") or schema.get("type", "anything"))


def _name(schema: Mapping[str, Any]) -> str | None:
    """The name of a shared schema."""
    kinds = [each for each in schema.get("anyOf", [schema]) if "$ref" in each]
    return str(kinds[0]["$ref"]).rpartition("/")[2] if kinds else None


def _prose(text: str) -> str:
    """Text with `code` in it."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts))


def _anchor(tag: str) -> str:
    return tag.replace(" ", "-")

"""What schemathesis is told besides the description: ids of somebody else are tried, and must open nothing."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response

# A file with one id a line.
FOREIGN_IDS = "FOREIGN_IDS"
_ONE_IN = 4


@cache
def _ids() -> list[str]:
    return Path(os.environ[FOREIGN_IDS]).read_text(encoding="utf-8").split()


@schemathesis.hook
def map_path_parameters(_: HookContext, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Put somebody else's id in the place of some; of the same ones each time, so that a seed tells all."""
    for name, value in (path_parameters or {}).items():
        number = crc32(str(value).encode("utf-8", "replace"))
        if name.endswith("_id") and path_parameters and number % _ONE_IN == 0:
            path_parameters[name] = _ids()[number // _ONE_IN % len(_ids())]
    return path_parameters


@schemathesis.hook
def filter_path_parameters(_: HookContext, path_parameters: dict[str, Any] | None) -> bool:
    """An address with a line break in it is none of the API's: the page's own server says that it is not there."""
    return not any("\n" in str(value) or "\r" in str(value) for value in (path_parameters or {}).values())


@schemathesis.check
def nothing_foreign(_: CheckContext, response: Response, case: Case) -> None:
    """No answer tells anything of somebody else, and no call for it succeeds."""
    asked = {str(value) for value in (case.path_parameters or {}).values()}
    if asked.intersection(_ids()) and response.status_code < 300:
        raise AssertionError("Somebody else's object was opened.")
    told = response.content.decode("utf-8", "replace")
    for foreign in _ids():
        if foreign in told and foreign not in str(case.body) and foreign not in asked:
            raise AssertionError("The answer tells of somebody else's object.")

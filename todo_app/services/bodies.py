"""What programs send has in common: no unknown fields, and text that is text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Body(BaseModel):
    """Base of what programs send."""

    model_config = ConfigDict(extra="forbid", strict=True)


def without_null(text: str) -> str:
    # PostgreSQL stores no null character, and nobody means one.
    if "\x00" in text:
        raise ValueError("Remove the null character.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("Remove the half of a character (a lone surrogate).")
    return text


Text = Annotated[str, AfterValidator(without_null)]
# Ids arrive as text, which a strict body would refuse.
Id = Annotated[UUID, Field(strict=False)]


def reason_of(error: Mapping[str, Any]) -> str:
    """What is wrong with a field in our words, where pydantic's are meant for programmers."""
    limits = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return "This is missing."
        case "extra_forbidden":
            return "There is no such field."
        case "string_type" | "string_unicode":
            return "This must be text."
        case "string_too_long":
            return f"Use at most {limits['max_length']} characters."
        case "value_error":
            return str(limits["error"])
        case _:
            return str(error["msg"])

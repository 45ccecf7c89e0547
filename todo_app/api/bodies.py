"""What request bodies have in common: unknown fields are an error, and text is text."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


class Body(BaseModel):
    """Base of the request bodies."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _without_null(text: str) -> str:
    # PostgreSQL stores no null character, and nobody means one.
    if "\x00" in text:
        raise ValueError("Remove the null character.")
    return text


Text = Annotated[str, AfterValidator(_without_null)]

"""The pipeline, and two people who must not see each other's things."""

from __future__ import annotations

from tests.fixtures.pipeline import ada, application, ben, pipeline

__all__ = ["ada", "application", "ben", "pipeline"]

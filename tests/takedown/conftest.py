"""The store's desk: an archive to write to."""

from __future__ import annotations

from tests.store.conftest import desk

__all__ = ["desk"]

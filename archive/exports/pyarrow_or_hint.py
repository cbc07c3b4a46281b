"""pyarrow, which is an extra, or what to install: the one place which imports it."""

from __future__ import annotations

from archive.errors import ToolMissing

try:
    import pyarrow as pa
    from pyarrow import parquet
except ImportError as error:
    raise ToolMissing(
        "this needs pyarrow, which is not installed: pip install -e '.[datasets]' in Muragat's own folder"
    ) from error

__all__ = ["pa", "parquet"]

"""The archive's files: how they are opened, written, read and kept whole."""

from archive.store.lean import load_without

# sqlite-utils loads them to know their types in rows. Ours have none, and a crawl's main process would hold
# 10 MB of numpy, 60 of pandas.
load_without("sqlite_utils", ("numpy", "pandas"))

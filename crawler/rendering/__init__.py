"""Articles of sources with `render = true`, as a browser without network shows them.

Nothing here is loaded for other sources.
"""

"""The names of the outlines that ship with the product, for everything that names them."""

from __future__ import annotations

DEFAULT_OUTLINE = "executive"
OUTLINES = (DEFAULT_OUTLINE, "growth", "lifecycle", "forecast", "behaviour", "clusters")

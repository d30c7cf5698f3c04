"""The ids of the segment schemes that ship with the product, for everything that names them."""

from __future__ import annotations

CELL_SCHEMES = ("rfm11", "rfm9", "lifecycle6", "behaviour4")  # from the finest to the coarsest
COARSEST = "repeat2"  # for shops with fewer customers than the others have segments
CLUSTER_SCHEMES = ("kmeans5", "kmeans5_value")
RECIPES = ("recipe004", "recipe004_corrected")  # published recipes, computed when asked for
SUPPLIED = "supplied"
SHIPPED = (*CELL_SCHEMES, COARSEST)  # schemes of cells
EVERY = (*SHIPPED, *CLUSTER_SCHEMES, *RECIPES, SUPPLIED)
CHOSEN = tuple(name for name in EVERY if name != COARSEST)  # what `scheme` may say; the coarsest is fallen back on

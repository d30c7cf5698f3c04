"""Our sheets in a workbook of the user, everything else in it untouched."""

from regulars.render.graft.join import GraftReport, graft, refuse_unless_graftable, taken_names
from regulars.render.graft.names import Names
from regulars.render.graft.ours import our_sheets

__all__ = ["GraftReport", "Names", "graft", "our_sheets", "refuse_unless_graftable", "taken_names"]

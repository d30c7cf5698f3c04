"""Our sheets in a workbook of the user, everything else in it untouched."""

from regulars.render.graft.join import GraftReport, graft, refuse_unless_graftable, taken_names
from regulars.render.graft.names import Names
from regulars.render.graft.ours import our_sheets
from regulars.render.graft.worked_in import Extent, WorkedIn, look_at_result

__all__ = [
    "Extent",
    "GraftReport",
    "Names",
    "WorkedIn",
    "graft",
    "look_at_result",
    "our_sheets",
    "refuse_unless_graftable",
    "taken_names",
]

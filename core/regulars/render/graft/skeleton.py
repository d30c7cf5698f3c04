"""A workbook with some of its sheets only, small enough to be read quickly."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection

from regulars.render.graft.host import Host
from regulars.render.graft.package import CONTENT_TYPES, MAIN, ROOT, Package, relationships_of

_STUBS = {
    "worksheet": f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'.encode(),
    "chartsheet": (
        f'<chartsheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"/></sheetViews></chartsheet>'.encode()
    ),
    "sharedStrings": f'<sst xmlns="{MAIN}" count="0" uniqueCount="0"/>'.encode(),
}
_NOWHERE = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
_SHARED = b't="s"'
_READ = frozenset({"styles", "theme"})


def skeleton(package: Package, host: Host, kept: Collection[str]) -> bytes:
    """Return the workbook with all sheets but those kept left empty, and the shared texts too unless these need them.

    What readers may stumble over is the rest, and they get all of it.
    """
    kept = {name.casefold() for name in kept}
    ours = [sheet.part for sheet in host.sheets if sheet.part is not None and sheet.name.casefold() in kept]
    inside = {link.target.casefold(): link.kind for link in host.links if not link.is_outside}
    of_ours = {part.casefold() for part in ours}
    shares = any(_SHARED in chunk for part in ours for chunk in package.chunks(part))  # as other programs save it
    full = of_ours | {part for part, kind in inside.items() if kind == "sharedStrings" and shares}
    stubs = {part: _STUBS[kind] for part, kind in inside.items() if kind in _STUBS and part not in full}
    wanted = {part.casefold() for part in package.reached(ours)} | full
    wanted |= {part for part, kind in inside.items() if kind in _READ}
    wanted |= {link.target.casefold() for link in package.relationships(ROOT)}
    wanted |= {CONTENT_TYPES.casefold(), relationships_of(ROOT), relationships_of(host.part).casefold()}
    wanted |= {relationships_of(part).casefold() for part in package.reached(ours)}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for name in package.names:
            if name.casefold() in stubs:
                archive.writestr(name, stubs[name.casefold()])
                if inside[name.casefold()] == "chartsheet":  # openpyxl wants to see where it leads, nowhere included
                    archive.writestr(relationships_of(name), _NOWHERE)
            elif name.casefold() in wanted:
                archive.writestr(name, package.read(name))
    return held.getvalue()

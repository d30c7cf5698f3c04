"""The files of a template's profile: the map to edit, the preview deck, and the report on what is missing."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from regulars.base.errors import OutputError, TemplateError
from regulars.base.files import moved_into_place
from regulars.render.deck.layouts import Slots, choose, slots_of
from regulars.render.deck.opened import Template
from regulars.render.deck.preview import add_preview
from regulars.render.deck.profile import Profile, name_of, profile_of
from regulars.render.deck.purposes import Purpose
from regulars.render.deck.template import open_template
from regulars.render.deck.template_file import MAP, is_skin
from regulars.render.deck.template_map import read_map
from regulars.render.deck.theme import read_theme
from regulars.render.marks import is_ours

HEAD = "# What the template "


@dataclass(frozen=True)
class Written:
    """The files that were written, and what there is to say."""

    paths: tuple[Path, ...]
    notes: tuple[str, ...]


def write_profile(path: Path, folder: Path | None = None, *, force: bool = False) -> Written:
    """Write map, preview deck and gap report of a template, beside it or into a folder.

    A map that is there is kept, for it may have been edited; the preview and the report show what it says.
    Raises TemplateError when the template or its map cannot be used, and OutputError for files that are not ours.
    """
    if is_skin(path):
        raise TemplateError(f"'{path}' is a skin of ours and needs no map", remedy="name a .pptx or .potx of a client")
    template = open_template(path)
    is_map = path.suffix.casefold() == MAP
    source = (read_map(path)[0] or path) if is_map else path
    place = folder or path.parent
    map_path = path if is_map and folder is None else place / f"{path.stem}{MAP}"
    preview, report = place / f"{path.stem}.preview.pptx", place / f"{path.stem}.gaps.md"
    _refuse_unless_ours(preview, report, force=force)
    profile = profile_of(template)
    notes = [f"'{template.map.origin}' was read"] if template.map.origin else []
    texts = {report: report_text(profile, source)}
    if not map_path.exists():
        texts = {map_path: map_text(profile, _beside(source, place)), **texts}
    elif not is_map:
        notes.append(f"'{map_path}' was there and is kept as it is (delete it to have it written anew)")
    place.mkdir(parents=True, exist_ok=True)
    for target, text in texts.items():
        with moved_into_place(target) as temporary:
            temporary.write_text(text, encoding="utf-8", newline="\n")
    add_preview(profile)
    with moved_into_place(preview) as temporary:
        template.presentation.save(str(temporary))
    return Written((*(target for target in texts if target != report), preview, report), tuple(notes))


def map_text(profile: Profile, template_name: str) -> str:
    """Return the map of a template as TOML: what was found, to be edited."""
    template = profile.template
    masters = [read_theme(master).name for master in template.presentation.slide_masters]
    number = 1 + list(template.presentation.slide_masters).index(template.master)
    lines = [
        "# Which layout of this template serves what. Correct what is wrong; what you delete is found out anew.",
        "# Use it:  regulars analyze orders.xlsx --deck --template THIS_FILE",
        f"template = {_quoted(template_name)}",
        f"master = {number}  # of {len(masters)}: {', '.join(masters)}",
        "",
        "# By name, or by number where names are alike. The layouts are:",
        *(f"#   {n}  {layout.name}" for n, layout in enumerate(template.layouts, start=1)),
        "[layouts]",
        *(f"{service.purpose.value} = {_quoted(service.layout)}" for service in profile.services),
        "",
        "# Numbers of placeholders, as the preview deck shows them. A slot without one is drawn.",
    ]
    seen = set()
    for purpose in Purpose:
        layout = choose(template, purpose)
        if layout.part.partname not in seen:
            seen.add(layout.part.partname)
            lines += [
                f"[slots.{_quoted(str(name_of(template, layout)))}]",
                *_slot_lines(slots_of(layout, template)),
                "",
            ]
    lines += ["# Theme colours of the roles: tx1, tx2, accent1 to accent6.", "[colours]"]
    lines += [f"{colour.role.value} = {_quoted(colour.slot)}" for colour in profile.colours]
    return "\n".join(lines) + "\n"


def report_text(profile: Profile, source: Path) -> str:
    """Return the report on a template as Markdown."""
    template = profile.template
    lines = [
        f"{HEAD}{source.name} gives, and what is drawn",
        "",
        f"{_inches(template.width)} x {_inches(template.height)} in; fonts {_fonts(template)}; theme '{template.theme.name}'.",
        "",
        "| For | Layout | Found by | Drawn |",
        "| --- | --- | --- | --- |",
        *(
            f"| {service.purpose.value} | {_cell(service.layout)} | {service.by} | {', '.join(service.drawn) or 'nothing'} |"
            for service in profile.services
        ),
        "",
        "| Colour for | Theme colour | Contrast with the background | Serves as |",
        "| --- | --- | --- | --- |",
        *(
            f"| {colour.role.value} | {colour.slot} | {colour.contrast:.1f} | {colour.remark} |"
            for colour in profile.colours
        ),
        "",
        "## Gaps",
        "",
        *(f"- {gap}" for gap in profile.gaps or ("none",)),
    ]
    if profile.idle:
        lines += ["", f"Not used: {', '.join(str(name) for name in profile.idle)}."]
    return "\n".join(lines) + "\n"


def _slot_lines(found: Slots) -> list[str]:
    single = {"title": found.title, "subtitle": found.subtitle, "source": found.source, "callout": found.callout}
    lines = [f"{name} = {shape.placeholder_format.idx}" for name, shape in single.items() if shape is not None]
    for name, shapes in (("contents", found.contents), ("headings", found.headings)):
        numbers = [str(shape.placeholder_format.idx) for shape in shapes if shape is not None]
        lines += [f"{name} = [{', '.join(numbers)}]"] if numbers else []
    return lines


def _refuse_unless_ours(preview: Path, report: Path, *, force: bool) -> None:
    strange = [preview] if preview.exists() and not is_ours(preview) else []
    if report.exists() and not report.read_text(encoding="utf-8", errors="replace").startswith(HEAD):
        strange.append(report)
    if strange and not force:
        raise OutputError(
            f"'{strange[0]}' exists and was not made by regulars",
            remedy="choose another folder with --out, or replace it with --force",
        )


def _beside(source: Path, folder: Path) -> str:
    """Return the way from a folder to the template, as a map names it."""
    try:
        return Path(os.path.relpath(source.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return source.resolve().as_posix()


def _quoted(value: str | int) -> str:
    return json.dumps(value, ensure_ascii=False)


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|")


def _fonts(template: Template) -> str:
    return " and ".join(dict.fromkeys((template.theme.major.name, template.theme.minor.name)))


def _inches(length: int) -> str:
    return f"{length / 914_400:.2f}".rstrip("0").rstrip(".")

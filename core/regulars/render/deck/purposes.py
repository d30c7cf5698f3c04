"""What layouts are wanted for, and what they are called in seven languages of PowerPoint."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """What a layout is wanted for. The values are keys of a template's map."""

    TITLE = "title"
    CLOSING = "closing"
    PANEL = "chart_and_callout"
    CHART = "chart"
    TABLE = "table"
    TWO = "two_exhibits"
    ONLY = "title_only"


ONE_CONTENT = (
    "title and content",
    "titel und inhalt",
    "titre et contenu",
    "título y contenido",
    "título y objetos",
    "titolo e contenuto",
    "titel en object",
    "titel en inhoud",
    "título e conteúdo",
)
NAMES: dict[Purpose, tuple[str, ...]] = {
    Purpose.TITLE: (
        "title slide",
        "titelfolie",
        "diapositive de titre",
        "diapositiva de título",
        "diapositiva titolo",
        "titeldia",
        "slide de título",
        "diapositivo de título",
        "cover",
    ),
    Purpose.CLOSING: (
        "closing",
        "thank you",
        "schlussfolie",
        "abschluss",
        "clôture",
        "cierre",
        "chiusura",
        "afsluiting",
        "encerramento",
    ),
    Purpose.PANEL: ("title and chart + callout", *ONE_CONTENT),
    Purpose.CHART: ("title and chart", *ONE_CONTENT),
    Purpose.TABLE: ("title and table", *ONE_CONTENT),
    Purpose.TWO: (
        "two content",
        "zwei inhalte",
        "deux contenus",
        "dos objetos",
        "dos contenidos",
        "due contenuti",
        "twee objecten",
        "inhoud van twee",
        "dois conteúdos",
        "comparison",
        "vergleich",
        "comparaison",
        "comparación",
        "confronto",
        "vergelijking",
        "comparação",
    ),
    Purpose.ONLY: (
        "title only",
        "nur titel",
        "titre seul",
        "solo el título",
        "sólo el título",
        "solo titolo",
        "alleen titel",
        "somente título",
        "apenas título",
    ),
}
TYPES = {
    Purpose.TITLE: {"title"},
    Purpose.CLOSING: {"obj", "tx"},
    Purpose.PANEL: {"obj", "chart"},
    Purpose.CHART: {"obj", "chart"},
    Purpose.TABLE: {"obj", "tbl"},
    Purpose.TWO: {"twoObj", "twoTxTwoObj"},
    Purpose.ONLY: {"titleOnly"},
}
PURPOSES = {purpose.value: purpose for purpose in Purpose}

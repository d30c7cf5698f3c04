"""Decks: `DeckSpec` as a native, editable .pptx in our template or a client's."""

from regulars.render.deck.write import write_deck

__all__ = ["write_deck"]

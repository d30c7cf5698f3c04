"""How results are written: the only floor that writes Office files."""

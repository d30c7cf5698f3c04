"""Slide templates: the shipped skins and their builder."""

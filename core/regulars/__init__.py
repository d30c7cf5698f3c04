"""Know your regulars: from a sheet of orders to segments, lifetime value, money at stake and a deck."""

from importlib.metadata import version

__version__ = version("regulars")

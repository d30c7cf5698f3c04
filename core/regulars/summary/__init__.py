"""From order lines to one row a customer, and to months, cohorts and products. One SQL file, any engine."""

from regulars.summary.model import Summary
from regulars.summary.summarise import summarise

__all__ = ["Summary", "summarise"]

"""Lengths of time that the lifetime models count in."""

DAYS_A_WEEK = 7.0
DAYS_A_MONTH = 365.25 / 12
DAYS_A_SHORT_MONTH = 30.0  # of the lifetimes package

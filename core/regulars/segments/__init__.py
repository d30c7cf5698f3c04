"""Customers in named segments: rules from a TOML scheme, k-means, or a column the user supplied."""

from regulars.segments.model import Segment, Segmentations, SegmentRole, Segments
from regulars.segments.segment import Labelled, label_customers, segment_customers

__all__ = [
    "Labelled",
    "Segment",
    "SegmentRole",
    "Segmentations",
    "Segments",
    "label_customers",
    "segment_customers",
]

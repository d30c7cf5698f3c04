"""Customers in named segments: RFM rules from a TOML scheme, k-means, or a column the user supplied."""

from regulars.segments.model import Segment, Segmentations, SegmentRole, Segments
from regulars.segments.segment import segment_customers

__all__ = ["Segment", "SegmentRole", "Segmentations", "Segments", "segment_customers"]

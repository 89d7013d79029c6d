"""Handover notes that stay searchable after the person who wrote them has left."""

__version__ = "0.1.0"

"""Handovers, who is in them, and who may read them."""

"""Searches that are kept: what was looked for in vain, per handover, and one's own recent searches."""

"""The JSON API under /api/v1: parse, one call, answer."""

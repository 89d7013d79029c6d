"""Modules, items and slots: what must be handed over; the shipped templates."""

"""Bringing notes in from files."""

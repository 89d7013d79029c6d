"""Remarks on passages of notes."""

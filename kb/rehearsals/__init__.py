"""Meetings, demonstrations and practice runs."""

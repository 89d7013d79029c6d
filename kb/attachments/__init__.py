"""Files that belong to notes."""

"""The exit gate: nothing without an owner when the leaver's account ends."""

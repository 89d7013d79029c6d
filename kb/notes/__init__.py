"""Notes and their revisions, links, rendering, and what they cover."""

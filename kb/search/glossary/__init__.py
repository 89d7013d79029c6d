"""The team's own words: groups of words that mean the same, in any language, used by search both ways."""

"""The record of who did what, append-only, each row chained to the one before."""

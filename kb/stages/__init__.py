"""What each stage of a handover needs before the next."""

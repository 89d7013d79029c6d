"""Two handovers in two languages, told through the same services people use."""

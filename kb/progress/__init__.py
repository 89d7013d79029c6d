"""How far a handover is: risk, board, trend, rhythm, radar."""

"""What leaver and successor learnt, and the template changes it leads to."""

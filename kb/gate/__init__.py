"""What every request passes: who is asking, what they may, the transaction, the headers. Below web and api."""

"""Requirements, manifest, signatures and certificate."""

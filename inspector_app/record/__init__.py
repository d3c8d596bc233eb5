"""The process record: canonical bytes, hash chain, signatures, checkpoints, verification."""

"""A whole visit of the sample bureau through the real windows; it sees the window only."""

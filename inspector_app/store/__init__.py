"""The encrypted store of one laptop: events, their projections, half-typed text. The only room with SQLAlchemy."""

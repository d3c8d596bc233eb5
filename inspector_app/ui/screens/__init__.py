"""One file per screen; the stages of a case have their own."""

"""Building blocks of the window: painted from tokens, usable by keyboard, named for assistive tools."""

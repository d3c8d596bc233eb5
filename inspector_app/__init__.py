"""The laptop application: a whole archives inspection without a network."""

__version__ = "0.1.0"

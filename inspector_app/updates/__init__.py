"""Updates without a network: one signed file that brings rules or a later version of the program, and how each is laid.

The file is a repository of The Update Framework (theupdateframework.github.io/specification, 1.0) in a ZIP. What it brings is
believed for its signatures alone, never for the stick or the server it came from.
"""

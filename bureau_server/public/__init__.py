"""The bureau's public pages: results, figures of a year, plans, lists, rating, and whether a paper's number and code are genuine.

Anybody reads them without signing in. No script, no cookie, nothing from elsewhere; what is asked is not logged.
"""

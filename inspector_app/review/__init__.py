"""File review (案卷评查): small pure checks over a frozen case file and what stands on its papers, for laptop and server.

What a check is called, how much it weighs and which clause it obeys is data (forms/review.toml); how it looks is one
function here. Nothing is written: the actions run it and keep waivers.
"""

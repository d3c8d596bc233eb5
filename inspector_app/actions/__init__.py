"""What a person does: one file per stage of the procedure, one function per act.

An act takes the `Book` first, checks what the law asks, writes one batch of events and returns `Done`. It raises
`Problem`, never logs and never shows.
"""

"""The window: Qt lives here. It shows frozen rows and calls acts.

To add a screen: write one file in `screens/` with a subclass of `Screen` (build the widgets in `__init__(desk)`, fill
them in `refresh()`), and add one line to PLACES in `places.py`; a stage of a case is a subclass of `Stage` and a line in
STAGES in `screens/case.py`. A screen reads through `desk.queries` and acts through `desk.act(function, ...)`, which shows
an expected problem in the bar, keeps the reverse for undo and refreshes what is on view. Words are Chinese and stand in
the code through `tr`-free literals of one language. Colours and sizes come from `theme`, never from a literal.
"""

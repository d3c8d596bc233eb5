"""Names that vulture cannot see in use: Qt calls them, data names them, or other programs read them."""

# ruff: noqa: F821, B018
# Qt calls these.
_.isSequential, _.readData, _.tabletEvent, _.wheelEvent, _.mouseMoveEvent, _.mouseReleaseEvent  # type: ignore
_.dragEnterEvent, _.dropEvent  # type: ignore
_.rowCount, _.columnCount, _.headerData, _.minimumSizeHint, _.hasHeightForWidth, _.nextCheckState  # type: ignore
# Values of data files, named there.
_.MINOR, _.SERIOUS, _.HAZARD, _.SPECIAL, _.AFTER_APPROVAL, _.CLUE_BASED, _.confidence, _.verified_on  # type: ignore
# The engine's face (architecture.md, checklists); the window asks for a part of it.
_.with_answer, _.calculated, _.open_items, _.not_applicable  # type: ignore
_.publish, _.MAX_IMAGE_PIXELS  # type: ignore  # packaging/checklists.py calls it; Pillow reads it
# Read by tests and by those who examine a case: what is readable of a cut file, forms of numbers, contrast of tokens.
_.add_photos, _.salvage, _.parse_number, _.is_temporary, _.contrast, _.is_deviation, _.page_evidence  # type: ignore
_.unknown_events, _.unverified, _.rounds, _.device_key_of  # type: ignore
# Called by FastAPI, uvicorn, SQLite's driver and io.BufferedReader, http.server; the matrix of rights is read by its test.
_.garbled, _.health, _.patch, _.isolation_level, _.should_exit, _.seekable, _.readinto, _.ACTIONS  # type: ignore
_.sign_in_with_unit, _.daemon_threads, _.block_on_close, _.handle_error, _.do_GET, _.log_message  # type: ignore
_.file_review, _.waived_by, _.statistics_of, _.otherwise, _.nowhere, _.unfit  # type: ignore
_.authorization  # type: ignore  # what laptops read of an answer
_.Catalog  # type: ignore  # ReportLab's document reads it
# Names that python-docx and fontTools read.
_.created, _.modified, _.page_height, _.page_width, _.left_margin, _.right_margin, _.bottom_margin  # type: ignore
_.top_margin, _.alignment, _.space_after, _.space_before, _.first_line_indent, _.rgb, _.drop_tables  # type: ignore
_.freeze_panes, _.number_format, _.data_type, _.paperSize, _.fitToHeight, _.fitToPage, _.print_title_rows  # type: ignore  # openpyxl's own
_.PENDING  # type: ignore  # a state that CUPS tells
_.asleep, _.lock_asked, _.unraisablehook  # type: ignore  # D-Bus calls them by name; Python reads it
_.reference_time  # type: ignore  # python-tuf judges expiry at it

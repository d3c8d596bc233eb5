"""Hands out the update file that was laid into the office's folder. The server signs nothing of it and cannot: laptops
believe the signatures within."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import FileResponse

from inspector_app.domain.problems import Problem

from .accounts import Person
from .door import Allowed, DoorMaker
from .office import Office

FILE = "update.zip"
"""Its name in the office's folder; exchange it by a rename."""


def open_door(office: Office, door: DoorMaker, allowed: Allowed) -> None:
    """Register the route."""
    file = office.config.folder / FILE

    @door("GET", "/update", "sync", summary="The newest update file", response_class=FileResponse)
    def update(person: Annotated[Person, Depends(allowed("sync"))]) -> FileResponse:
        if not file.is_file():
            raise Problem("no_update")
        return FileResponse(file, media_type="application/zip")

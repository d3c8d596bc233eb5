"""Runs the alembic migrations of db/laptop on an open engine."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from ..places import MIGRATIONS
from . import schema


def config() -> Config:
    """The alembic configuration: only the folder of the scripts, no file and no address."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS / "laptop"))
    return made


def upgrade(engine: Engine) -> None:
    """Upgrade what is kept to head, then make the derived tables anew."""
    with engine.connect() as connection:
        made = config()
        made.attributes["connection"] = connection
        command.upgrade(made, "head")
        connection.commit()
        schema.derived.drop_all(connection)
        schema.derived.create_all(connection)
        connection.commit()

"""Alembic's entry for the laptop's store: it is handed an open, decrypted connection."""

from alembic import context

from inspector_app.store import schema

context.configure(connection=context.config.attributes["connection"], target_metadata=schema.kept)
with context.begin_transaction():
    context.run_migrations()

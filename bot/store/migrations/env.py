"""Alembic's entry: runs the migrations on the database that it is given."""

from alembic import context

from bot.store.engine import open_engine
from bot.store.tables import metadata

engine = open_engine(context.config.attributes["database_url"])
with engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()

"""Brings everything that is built on this machine up to date: encoder, data, model."""

from __future__ import annotations

from bot import house
from bot.settings import Settings
from bot.store.migrate import migrate


def prepare(settings: Settings, model: bool = True) -> None:
    """Check the clinic's files, migrate the record, build the encoder and the model.

    All of it is skipped where nothing has changed.

    Args:
        model: also train the assistant where its data changed.

    Raises:
        BadContent: the clinic's files cannot be used; nothing was started.
    """
    from bot.nlu.build_encoder import build
    from bot.nlu.train import train

    house.load_shelf(settings)
    migrate(settings.database_url)
    build(settings.data_dir)
    if model:
        train(settings.data_dir)

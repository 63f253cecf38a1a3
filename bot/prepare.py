"""Brings everything that is built on this machine up to date: encoder, data, model."""

from __future__ import annotations

from bot import house
from bot.clinic.errors import MeridianError
from bot.learning import AlreadyRunning, alone
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
    from bot.nlu.build_encoder import build, say
    from bot.nlu.train import train

    house.load_shelf(settings)
    migrate(settings.database_url)
    build(settings.data_dir)
    if model:
        train(settings.data_dir)
        if told := _learn(settings):
            say(told)


def _learn(settings: Settings) -> str:
    """Take up what staff taught since; what cannot be stops nothing.

    Returns:
        What to say about it; "" where nothing is new.
    """
    from bot.nlu.learn import NothingNew, Refused, RefusedBefore, learn

    try:
        with alone(settings):
            outcome = learn(settings.data_dir, settings.learned_dir, again=False)
    except AlreadyRunning:
        return "Model: it is being trained just now"
    except MeridianError as fault:
        return f"Model: {settings.learned_dir} was not learnt: {fault}"
    if isinstance(outcome, NothingNew):
        return ""
    if isinstance(outcome, Refused | RefusedBefore):
        return "Model: what staff taught fails the checks, so it is not used"
    return "Model: what staff taught is learnt"

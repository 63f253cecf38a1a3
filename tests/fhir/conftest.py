"""The actions' visitor, for what is exported of a conversation."""

from tests.actions.conftest import chat

__all__ = ["chat"]

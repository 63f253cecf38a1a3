"""Telegram: a channel of the desk, with python-telegram-bot as a typed client only."""

"""Measures Meridian beside Rasa's default pipeline: `python -m bench`."""

"""What a message means and what to do about it; only this package imports Rasa."""

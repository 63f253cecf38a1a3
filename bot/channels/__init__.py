"""The ways in: web chat, widget and clinic page."""

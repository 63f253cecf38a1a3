"""Reads what a clinic edits under data/ into the clinic's own objects."""

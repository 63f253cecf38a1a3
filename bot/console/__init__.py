"""The staff console: who waits, what was said, and the clinic's diary."""

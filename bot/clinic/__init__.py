"""What is true in any acupuncture clinic: standard library only."""

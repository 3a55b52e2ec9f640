"""Recorded traffic (vcrpy cassettes): record it, read it, and learn from it."""

"""Screens: rows of the store worth a second look, found by expressions over its tables."""

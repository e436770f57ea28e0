"""Duties × timelines → outcomes. Arithmetic on columns: the same arrays on every engine."""

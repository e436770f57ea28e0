"""Figures by court, out of outcomes and records."""

"""Zhiheng (执衡): from a court's case records to a score anyone can defend."""

__version__ = "0.1.0"

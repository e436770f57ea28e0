"""Draws of files and what may be concluded from them: frames, draws, estimates, agreement."""

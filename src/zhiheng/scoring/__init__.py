"""Scores: leaves out of figures and answers, trees out of leaves, coverage beside every one."""

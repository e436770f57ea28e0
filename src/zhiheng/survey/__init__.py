"""Questionnaires: forms in and out (XLSForm), responses, scales."""

"""The law as a person reads it: words for its data, a duty described, the reference pages."""

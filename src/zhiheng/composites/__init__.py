"""The general index engine: any tree over any table of figures, with every step logged."""

"""What may be said of scores that carry an error: chances, ranks, bands, differences, regions."""

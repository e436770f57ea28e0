"""Time and memory of the product's jobs beside a bare scan of the same files, in one run."""

"""The published index systems as data: editions, trees, weights, how each leaf is scored."""

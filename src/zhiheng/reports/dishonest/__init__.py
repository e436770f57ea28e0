"""The dishonest list read off a store: its ledger, and bidders looked up against it."""

"""The canonical tables, the node catalogue, courts and case numbers."""

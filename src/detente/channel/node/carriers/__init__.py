"""What moves bundles between nodes, each in its own way; every one moves the same file."""

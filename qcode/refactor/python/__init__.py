"""What Python code means, over a whole repository: scopes, imports, classes, receivers, order and purity."""

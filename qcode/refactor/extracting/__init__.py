"""Lines become a function, an expression becomes a variable."""

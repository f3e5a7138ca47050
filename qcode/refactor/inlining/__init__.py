"""A variable's value or a function's body goes to where its name stood."""

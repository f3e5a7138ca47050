"""Ways of writing: what ruff knows, prints, and structural patterns."""

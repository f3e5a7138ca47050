"""What a model says about a change: advice, every piece of it quoted, defended, and few."""

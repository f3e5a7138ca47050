"""Parameters of functions change; calls follow."""

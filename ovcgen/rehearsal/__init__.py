"""Compare what a command does on the simulated portals of two releases."""

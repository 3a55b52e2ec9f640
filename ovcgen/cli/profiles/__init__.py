"""Settings for portals by name: read them from the user's and the project's file, and say which one counts."""

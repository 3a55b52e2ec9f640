"""The runtime client: a portal's catalog, callable at once through bravado."""

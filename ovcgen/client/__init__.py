"""The runtime client: calls the operations of a portal's catalog through bravado, without generated code."""

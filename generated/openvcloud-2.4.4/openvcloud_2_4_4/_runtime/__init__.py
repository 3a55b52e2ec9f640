"""What a client does on the wire: `requests` and the standard library only, copied byte for byte into every SDK."""

"""Record traffic to vcrpy cassettes, read them, and learn response types from them."""

"""What a release means for somebody's own code and recordings."""

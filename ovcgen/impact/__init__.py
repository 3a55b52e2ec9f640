"""Find the places of a project that break when it moves to another release."""

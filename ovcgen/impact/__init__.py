"""Which places of a project break when it moves to another release, and why."""

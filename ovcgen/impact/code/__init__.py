"""What a project's own Python does with a portal: read, never run."""

"""What a project's source code does with a client, found out by reading and never by running it."""

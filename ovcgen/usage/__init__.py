"""Find out statically how a project's source code uses a client. The code is read and never executed."""

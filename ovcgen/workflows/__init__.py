"""Join the steps from a source to a result: load a spec, read its API, then connect, generate, compare or simulate."""

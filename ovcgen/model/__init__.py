"""The frozen values of one release's API, and the reader that makes them from a normalised document."""

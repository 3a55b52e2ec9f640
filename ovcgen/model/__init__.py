"""Hold one release's API as frozen values, and read these values from a normalised document."""

"""Read a normalised document into an `Api`; only these modules know the keys of a document."""

"""Read a normalised document into an `Api`: the only modules that know the keys of a document."""

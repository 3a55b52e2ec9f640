"""Build the template data of an SDK: everything that its templates print, as finished code."""

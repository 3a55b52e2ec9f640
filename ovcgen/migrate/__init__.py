"""Rewrite a project for another release: what can be proven is changed, the rest is listed."""

"""Rewrite a project's source code for another release. What can't be changed safely is listed."""

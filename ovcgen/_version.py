"""The version of ovcgen."""

__version__ = "0.1.0"

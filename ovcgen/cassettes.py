"""Export the recorder under its public name: `from ovcgen.cassettes import recorder`."""

from __future__ import annotations

from ovcgen.recordings.recorder import recorder

__all__ = ["recorder"]

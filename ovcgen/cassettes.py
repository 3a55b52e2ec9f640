"""The public import path of the recorder: `from ovcgen.cassettes import recorder`."""

from __future__ import annotations

from ovcgen.recordings.recorder import recorder

__all__ = ["recorder"]

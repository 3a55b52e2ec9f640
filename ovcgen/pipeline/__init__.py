"""The whole flow, joined up: a source becomes a spec, a spec an API, and that a client, an SDK or a comparison."""

from __future__ import annotations

from ovcgen.pipeline.opening import connect, portal_client
from ovcgen.pipeline.products import compare, generate
from ovcgen.pipeline.simulation import simulate
from ovcgen.pipeline.sources import load

__all__ = ["compare", "connect", "generate", "load", "portal_client", "simulate"]

"""Which family of documents this is: the one place where the dialects are listed, each with the steps it needs.

`plain` is any Swagger 2.0 document; another dialect is a folder beside this file that says how it is recognised.
"""

from __future__ import annotations

from collections.abc import Mapping

from ovcgen.normalise import names, openvcloud, shared, types
from ovcgen.normalise.walk import Step
from ovcgen.spec import Document

PORTAL, PLAIN = "openvcloud", "plain"
NAMES = (PORTAL, PLAIN)

STEPS: Mapping[str, tuple[Step, ...]] = {
    PORTAL: openvcloud.STEPS,
    PLAIN: (
        shared.write_out,
        types.drop_meaningless,
        types.plain_base_path,
        names.name_operations,
        names.name_parameters,
    ),
}


def of(document: Document) -> str:
    """The dialect that a document is written in."""
    return PORTAL if openvcloud.looks_like_it(document) else PLAIN

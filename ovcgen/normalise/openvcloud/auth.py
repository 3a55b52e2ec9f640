"""Add the logins that catalogs don't declare: a JWT in a header, or a session key as a parameter."""

from __future__ import annotations

from ovcgen.documents.document import Document
from ovcgen.normalise.transform import Body, each_operation

LOGINS = {
    "authkey": {"type": "apiKey", "in": "query", "name": "authkey"},
    "bearer": {"type": "apiKey", "in": "header", "name": "Authorization", "x-bearer-format": "JWT"},
}


def declare_logins(document: Document) -> Document:
    """Return the document with two security schemes: `bearer` (a JWT in `Authorization`) and `authkey` (a session key).

    They replace all that the document declares; the session key is a query parameter. Every operation then requires one
    of the two, except that operations that guests may call (`x-guest`) require none.
    """
    wanted: list[Body] = [{name: []} for name in LOGINS]

    def secured(_path: str, _verb: str, body: Body) -> Body:
        return {**body, "security": [] if body.get("x-guest") else wanted}

    return each_operation({**document, "securityDefinitions": LOGINS, "security": wanted}, secured)

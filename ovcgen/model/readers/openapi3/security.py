"""Read security schemes, and which of them operations need."""

from __future__ import annotations

from collections.abc import Container

from ovcgen.documents.document import Json
from ovcgen.documents.repair.context import HEADER_NAME, excerpt
from ovcgen.model.api import OAuthFlow, SecurityDefinition
from ovcgen.model.readers.openapi3.document_state import LEFT_OUT, Body, DocumentPlace

Alternatives = tuple[tuple[tuple[str, tuple[str, ...]], ...], ...]
# Swagger's names of the flows; the flow that needs the least from the user comes first.
FLOWS = {
    "clientCredentials": "application",
    "password": "password",
    "authorizationCode": "accessCode",
    "implicit": "implicit",
    "deviceAuthorization": "deviceAuthorization",
}
LOCATIONS = ("header", "query", "cookie")


def security_definitions(place: DocumentPlace, body: Body) -> tuple[SecurityDefinition, ...]:
    """Return the security schemes in `securitySchemes` of `body`, the components, sorted by name; () for none.

    Those that can't be used are reported and left out.
    """
    found = []
    for name, value in sorted(place.objects(body, "securitySchemes").items()):
        at, scheme = (place / "securitySchemes" / name).followed(value)
        read = _definition(at, name, scheme) if isinstance(scheme, dict) else None
        if read is None and (scheme is not None or value is None):
            at.note(f"{excerpt(name)} is no security scheme", LEFT_OUT)
        elif read is not None:
            found.append(read)
    return tuple(found)


def _definition(place: DocumentPlace, name: str, body: Body) -> SecurityDefinition | None:
    doc, deprecated = place.member(body, "description").strip(), place.flag(body, "deprecated")
    kind = place.member(body, "type")
    match kind.lower():
        case "apikey":
            location, key = place.member(body, "in").lower(), place.member(body, "name")
            if location not in LOCATIONS or not key or (location == "header" and not HEADER_NAME.fullmatch(key)):
                return None
            return SecurityDefinition(name, "apiKey", key, location, doc=doc, deprecated=deprecated)
        case "http" | "basic" | "bearer":
            return _http(place, name, body, doc, deprecated=deprecated)
        case "oauth2":
            return _oauth2(place, name, body, doc, deprecated=deprecated)
        case "openidconnect":
            url = place.member(body, "openIdConnectUrl")
            return SecurityDefinition(name, "openIdConnect", discovery_url=url, doc=doc, deprecated=deprecated)
        case "mutualtls":
            return SecurityDefinition(name, "mutualTLS", doc=doc, deprecated=deprecated)
    return None


def _http(place: DocumentPlace, name: str, body: Body, doc: str, *, deprecated: bool) -> SecurityDefinition:
    kind = place.member(body, "type").lower()
    scheme = place.member(body, "scheme").lower() if kind == "http" else kind
    if kind != "http":
        (place / "type").note(f"{excerpt(kind)} is no type", f"read as `http` with the scheme {kind}")
    known = scheme if scheme in ("basic", "bearer") else "http"
    return SecurityDefinition(
        name,
        known,
        bearer_format=place.member(body, "bearerFormat") or None,
        http_scheme=scheme if known == "http" else "",
        doc=doc,
        deprecated=deprecated,
    )


def _oauth2(place: DocumentPlace, name: str, body: Body, doc: str, *, deprecated: bool) -> SecurityDefinition:
    declared = {kind: (at, flow) for kind, at, flow in place.entries(body, "flows", extensible=True)}
    flows = []
    for kind in FLOWS:
        if kind in declared:
            at, flow = declared[kind]
            scopes = at.objects(flow, "scopes")
            flows.append(
                OAuthFlow(
                    kind,
                    at.member(flow, "authorizationUrl"),
                    at.member(flow, "tokenUrl"),
                    at.member(flow, "refreshUrl"),
                    at.member(flow, "deviceAuthorizationUrl"),
                    tuple((scope, (at / "scopes" / scope).text(text)) for scope, text in sorted(scopes.items())),
                )
            )
    for kind, (at, _) in declared.items():
        if kind not in FLOWS:
            at.note(f"{excerpt(kind)} is no flow", LEFT_OUT)
    first = flows[0] if flows else OAuthFlow("")
    return SecurityDefinition(
        name,
        "oauth2",
        flow=FLOWS.get(first.kind),
        authorization_url=first.authorization_url or None,
        token_url=first.token_url or None,
        scopes=tuple(sorted({scope for flow in flows for scope, _ in flow.scopes})),
        flows=tuple(flows),
        discovery_url=place.member(body, "oauth2MetadataUrl"),
        doc=doc,
        deprecated=deprecated,
    )


def security(place: DocumentPlace, body: Body, known: Container[str]) -> Alternatives | None:
    """Return the alternatives of a `security` list, each with its schemes sorted; None if there is no list.

    A value that is neither a list nor null is reported. An empty list gives ().

    An alternative is a tuple of (scheme, scopes) pairs, all of which are needed together; () needs no login. An
    alternative with an unknown scheme is reported and left out.

    Args:
        place, body: The document or the operation that has the key `security`.
        known: The names of the security schemes.
    """
    if not isinstance(body.get("security"), list):
        place.array(body, "security")
        return None
    found = [_needed(place / "security" / number, value, known) for number, value in enumerate(body["security"])]
    return tuple(alternative for alternative in found if alternative is not None)


def _needed(place: DocumentPlace, value: Json, known: Container[str]) -> tuple[tuple[str, tuple[str, ...]], ...] | None:
    if not isinstance(value, dict):
        place.note(f"{excerpt(value)} is no requirement", LEFT_OUT)
        return None
    for name in value:
        if name not in known:
            (place / name).note(f"the document has no security scheme {excerpt(name)}", "that login is left out")
            return None
    return tuple((name, place.names(value, name)) for name in sorted(value))

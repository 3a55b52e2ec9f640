"""Pair the media types of bodies."""

from __future__ import annotations

from collections.abc import Sequence

from ovcgen.model import media
from ovcgen.model.api import Content
from ovcgen.runtime.media_types import plain_type

ANY = "*"


def media_key(media_type: str) -> str:
    """Return a key that equal media types share: lower case, no spaces around `;`, and sorted parameters.

    The values of parameters are in lower case, too.
    """
    kind, *parameters = (part.strip() for part in media_type.split(";"))
    return ";".join([kind.lower(), *sorted(parameter.lower() for parameter in parameters if parameter)])


def covers(wide: str, narrow: str) -> bool:
    """Return whether the range `wide`, such as `image/*`, includes the media type `narrow`.

    Case and parameters do not count. If `wide` is no range, the result is False, even for two equal types.
    """
    had, has = plain_type(narrow).split("/"), plain_type(wide).split("/")
    return has == [ANY, ANY] or (has[-1] == ANY and had[:1] == has[:1])


def paired_contents(old: Sequence[Content], new: Sequence[Content]) -> list[tuple[Content, Content]]:
    """Return the (old, new) pairs of the media types of two bodies, in the order of the old body.

    Spelling does not count (see `media_key`). A media type that the new body lacks is paired with the first range of
    the new body that includes it, or is left out. Several may be paired with one range.
    """
    has = {media_key(content.media_type): content for content in new}
    found = []
    for content in old:
        other = has.get(media_key(content.media_type))
        ranges = (wide for wide in new if covers(wide.media_type, content.media_type))
        other = next(ranges, None) if other is None else other
        if other is not None:
            found.append((content, other))
    return found


def media_types_only_in(contents: Sequence[Content], others: Sequence[Content]) -> list[str]:
    """Return the media types that `contents` has and `others` lacks, sorted. Spelling does not count (see `media_key`).

    A range such as `image/*` is a media type of its own here: it covers no others.
    """
    keys = {media_key(content.media_type) for content in others}
    return sorted(content.media_type for content in contents if media_key(content.media_type) not in keys)


def is_form(content: Content) -> bool:
    """Return whether a body is written as a form, URL-encoded or multipart, where numbers are texts."""
    return plain_type(content.media_type) in media.FORMS

"""Pair the media types of bodies."""

from __future__ import annotations

from collections.abc import Sequence

from ovcgen.model import media
from ovcgen.model.api import Content
from ovcgen.runtime.media_types import plain_type

ANY = "*"


def media_key(media_type: str) -> str:
    """Return a media type in the spelling in which equal ones are equal: lower case, no spaces, sorted parameters."""
    kind, *parameters = (part.strip() for part in media_type.split(";"))
    return ";".join([kind.lower(), *sorted(parameter.lower() for parameter in parameters if parameter)])


def covers(wide: str, narrow: str) -> bool:
    """Return whether a range such as `image/*` includes a media type; parameters do not count."""
    had, has = plain_type(narrow).split("/"), plain_type(wide).split("/")
    return has == [ANY, ANY] or (has[-1] == ANY and had[:1] == has[:1])


def paired_contents(old: Sequence[Content], new: Sequence[Content]) -> list[tuple[Content, Content]]:
    """Return the (old, new) pairs of media types.

    One that the new body does not have is paired with a range that includes it.
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


def lacking(old: Sequence[Content], new: Sequence[Content]) -> list[str]:
    """Return the media types that only `new` has, sorted."""
    had = {media_key(content.media_type) for content in old}
    return sorted(content.media_type for content in new if media_key(content.media_type) not in had)


def is_form(content: Content) -> bool:
    """Return whether a body is written as a form, where numbers are texts."""
    return plain_type(content.media_type) in media.FORMS

"""Build the package metadata of an SDK from what the document says about its publisher.

Texts are written as TOML basic strings, which are JSON strings here: nothing but printable characters is left in them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ovcgen.generator.code import Bracket, Code, lay_out
from ovcgen.generator.view.asynchronous import REQUIREMENTS
from ovcgen.model.api import Publisher

EMAIL = re.compile(r"[\w%+-]+(\.[\w%+-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
URL = re.compile(r"https?://[!-~]+")
# Names of licences as documents write them, without case and punctuation, and their SPDX identifiers.
SPDX = {
    "agpl30": "AGPL-3.0-only",
    "apache": "Apache-2.0",
    "apache20": "Apache-2.0",
    "apache2": "Apache-2.0",
    "apachelicense20": "Apache-2.0",
    "apachelicenseversion20": "Apache-2.0",
    "bsd2clause": "BSD-2-Clause",
    "bsd3clause": "BSD-3-Clause",
    "cc010": "CC0-1.0",
    "ccby30": "CC-BY-3.0",
    "ccby40": "CC-BY-4.0",
    "gpl30": "GPL-3.0-only",
    "isc": "ISC",
    "mit": "MIT",
    "mitlicense": "MIT",
    "mpl20": "MPL-2.0",
    "unlicense": "Unlicense",
}


@dataclass(frozen=True, slots=True)
class Metadata:
    """The template data of a package's metadata: lines of pyproject.toml.

    Attributes:
        project, urls, extras: The lines of the tables [project], [project.urls] and [project.optional-dependencies].
    """

    project: tuple[Code, ...]
    urls: tuple[Code, ...]
    extras: tuple[Code, ...]


def metadata(publisher: Publisher, *, aio: bool = True) -> Metadata:
    """Return the package metadata of an SDK, as lines of pyproject.toml.

    A malformed URL or e-mail address of the publisher is left out. A known licence is written as its SPDX identifier,
    any other one as text. `aio` says whether the SDK has asynchronous modules, which need an extra.
    """
    extras = [lay_out(Bracket("aio = [", tuple(map(_text, REQUIREMENTS)), "]"))] if aio else []
    return Metadata(tuple(map(Code, _project(publisher))), tuple(map(Code, _urls(publisher))), tuple(extras))


def _project(publisher: Publisher) -> Iterator[str]:
    if author := _author(publisher):
        yield f"authors = [{{ {author} }}]"
    if name := _printable(publisher.license_name):
        known = SPDX.get(re.sub("[^a-z0-9]", "", name.lower()))
        yield f'license = "{known}"' if known else f"license = {{ text = {_text(name)} }}"


def _author(publisher: Publisher) -> str:
    name, email = _printable(publisher.name), publisher.email.strip()
    parts = [f"name = {_text(name)}"] if name else []
    parts += [f"email = {_text(email)}"] if EMAIL.fullmatch(email) else []
    return ", ".join(parts)


def _urls(publisher: Publisher) -> Iterator[str]:
    urls = {
        "Documentation": publisher.documentation_url,
        "Homepage": publisher.url,
        "License": publisher.license_url,
        "Terms": publisher.terms_url,
    }
    for label, url in urls.items():
        if URL.fullmatch(url.strip()):
            yield f"{label} = {_text(url.strip())}"


def _printable(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)

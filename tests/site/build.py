"""Build the documentation site: `make docs` writes it to `.site/html`, ready for any web server, or a browser.

The pages are those of ovcgen/docs, and reference pages made from the commands and docstrings. Zensical makes HTML of
them: MkDocs has no releases any more, Material for MkDocs gets no updates after November 2026, and Zensical is the
successor of both.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.site import reference

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "ovcgen" / "docs"
TARGET = ROOT / ".site"
SHORT_CODE = re.compile(r"<code>([^<\n]{1,28})</code>")


def build(target: Path = TARGET) -> Path:
    """Build the site below `target`, and return the folder of the HTML.

    Raises:
        CalledProcessError: Zensical reports a problem, such as a link that leads nowhere.
    """
    sources = target / "pages"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(DOCS, sources, ignore=shutil.ignore_patterns("*.toml"))
    for path, text in reference.pages().items():
        (sources / path).parent.mkdir(parents=True, exist_ok=True)
        (sources / path).write_text(text, encoding="utf-8")
    configuration = target / "zensical.toml"
    shutil.copy(DOCS / "zensical.toml", configuration)
    program = Path(sys.executable).with_name("zensical")
    subprocess.run([program, "build", "--strict", "--config-file", configuration], cwd=target, check=True)
    for page in (target / "html").rglob("*.html"):
        page.write_text(keep_whole(page.read_text(encoding="utf-8")), encoding="utf-8")
    return target / "html"


def keep_whole(html: str) -> str:
    """Return a page on which no line ends inside a short inline code, such as `--help` after its dashes."""
    return SHORT_CODE.sub(r'<code class="whole">\1</code>', html)


if __name__ == "__main__":
    print(build() / "index.html")

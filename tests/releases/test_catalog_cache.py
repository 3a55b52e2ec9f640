"""Test the files of the cache of catalogs."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import pytest

from ovcgen.releases.catalog_cache import FRESH, LARGEST, CatalogCache

URL, GROUP = "https://portal.example", "cloudapi"


class Clock:
    """A clock that a test sets."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def cache_in(folder: Path, clock: Clock, warnings: list[str]) -> CatalogCache:
    return CatalogCache(folder / "catalogs", warnings.append, clock=clock)


def test_a_catalog_is_fresh_for_a_day(tmp_path: Path) -> None:
    """A cached catalog is fresh for a day, and is still returned after that, but not as fresh."""
    clock, warnings = Clock(), list[str]()
    cache_in(tmp_path, clock, warnings).keep_catalog(URL, GROUP, b"{}")
    states = []
    for clock.now in (1_000_000 + FRESH - 1, 1_000_000 + FRESH, 999_999):  # the last: somebody has set the clock back
        found = cache_in(tmp_path, clock, warnings).catalog(URL, GROUP)
        states.append(found and (found.document, found.is_fresh))

    assert states == [(b"{}", True), (b"{}", False), (b"{}", False)]
    assert warnings == []


def test_portals_and_groups_are_kept_apart(tmp_path: Path) -> None:
    """Catalogs of several portals and groups have separate files, whose names show neither."""
    cache = cache_in(tmp_path, Clock(), [])
    cache.keep_catalog(URL, GROUP, b"[1]")

    assert cache.catalog(URL, "system") is None
    assert cache.catalog("https://other.example", GROUP) is None
    assert not any("portal" in name for name in os.listdir(tmp_path / "catalogs"))


def test_the_oldest_files_are_deleted_when_all_are_too_large(tmp_path: Path) -> None:
    """If all files together are too large, the oldest ones are deleted."""
    cache = cache_in(tmp_path, Clock(), [])
    for number in range(5):
        cache.keep_value("a" * (LARGEST // 4), "index", str(number))
        for age, entry in enumerate(
            sorted(os.scandir(tmp_path / "catalogs"), key=lambda each: each.stat().st_mtime_ns)
        ):
            os.utime(entry.path, (age, age))

    assert [cache.value("index", str(number)) is not None for number in range(5)] == [False, False, True, True, True]


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000])
def test_what_is_no_json_is_no_value(tmp_path: Path, content: bytes) -> None:
    """A file that is no valid JSON has no value, even if its hash is right."""
    warnings: list[str] = []
    cache = cache_in(tmp_path, Clock(), warnings)
    cache.keep_value(1, "index", "a")
    [file] = (tmp_path / "catalogs").iterdir()
    file.write_bytes(sha256(content).hexdigest().encode() + content)

    assert (cache.value("index", "a"), warnings) == (None, [])


@pytest.mark.parametrize("fetched", [None, "yesterday", "12", [], True, float("nan"), 10**400])
def test_a_catalog_without_a_time_is_none(tmp_path: Path, fetched: object) -> None:
    """An entry whose time is no number counts as none, and the other catalogs are still found."""
    warnings: list[str] = []
    cache = cache_in(tmp_path, Clock(), warnings)
    for group in ("system", GROUP):
        cache.keep_catalog(URL, group, b"{}")
    broken = {"url": URL, "group": GROUP, "sha256": sha256(b"{}").hexdigest(), "fetched": fetched}
    cache.keep_value(broken, "catalog", URL, GROUP)

    assert (cache.catalogs(), cache.catalog(URL, GROUP), warnings) == ([(URL, "system")], None, [])


@pytest.mark.parametrize("make", [Path.mkdir, lambda file: file.symlink_to("/etc/hostname"), os.mkfifo])
def test_what_is_no_file_is_not_read(tmp_path: Path, make: object) -> None:
    """A folder, link or pipe in place of a file is not read, and a warning is given."""
    warnings: list[str] = []
    cache = cache_in(tmp_path, Clock(), warnings)
    cache.keep_value(1, "index", "a")
    [file] = (tmp_path / "catalogs").iterdir()
    file.unlink()
    make(file)  # type: ignore[operator]

    assert cache.value("index", "a") is None
    assert (len(warnings), cache.value("index", "b")) == (1, None)


def test_a_folder_that_cant_be_written_is_reported_once(tmp_path: Path) -> None:
    """If the cache folder can't be written, one warning is given, and nothing is cached."""
    (tmp_path / "catalogs").write_text("")
    warnings: list[str] = []
    cache = cache_in(tmp_path, Clock(), warnings)
    cache.keep_value(1, "index", "a")
    cache.keep_catalog(URL, GROUP, b"{}")

    assert (len(warnings), cache.catalog(URL, GROUP)) == (1, None)

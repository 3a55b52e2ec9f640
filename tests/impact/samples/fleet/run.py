"""Runs every story, or those that are named, and says how each went."""

from __future__ import annotations

import sys
import traceback

from fleet import images, legacy, nodes, people, report, snapshots, spaces, templates
from fleet.dynamic import story_dynamic
from fleet.session import Session

STORIES = [
    templates.story_template,
    templates.story_template_in_background,
    templates.story_template_by_admin,
    snapshots.story_snapshot,
    snapshots.story_snapshot_as_text,
    images.story_publish,
    images.story_retire,
    nodes.story_nodes,
    nodes.story_storage,
    nodes.story_accounts,
    spaces.story_space,
    spaces.story_spaces,
    spaces.story_spaces_by_name,
    people.story_password,
    people.story_account,
    people.story_share,
    people.story_key,
    report.story_report,
    legacy.story_legacy,
    legacy.story_legacy_space,
    legacy.story_runtime,
    story_dynamic,
]


def main(wanted: list[str]) -> int:
    """How many failed."""
    failed = 0
    for story in STORIES:
        if wanted and story.__name__ not in wanted:
            continue
        with Session() as session:
            try:
                story(session)
            except Exception as error:  # noqa: BLE001
                failed += 1
                where = traceback.extract_tb(error.__traceback__)
                line = next(f"{each.filename}:{each.lineno}" for each in reversed(where) if "/fleet/" in each.filename)
                print(f"FAILED {story.__name__}: {type(error).__name__}: {error} ({line})")
            else:
                print(f"ok {story.__name__}")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) > 0)

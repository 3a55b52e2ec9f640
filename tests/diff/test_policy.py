"""What a project puts up with: by place, with a reason, for a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ovcgen.diff import compare
from ovcgen.diff.policy import apply_policy, ignore_entries, matches_pattern
from ovcgen.diff.policy_file import policy_of
from ovcgen.errors import UsageError
from tests.build import NAME, SIZE, answer, api, machines, operation, parameter, record

TODAY = date(2027, 1, 31)
CHANGES = compare(
    api(machines(NAME, SIZE), operation("/cloudapi/disks/list", parameter("all"))),
    api(machines(), operation("/cloudapi/disks/list")),
)
REMOVED = ["all", "name", "sizeId"]  # the parameters that are gone


def left(text, release="2.4.5"):
    """The names in the changes that a policy leaves, and what it says of itself."""
    found = apply_policy(policy_of(text, "p.toml"), CHANGES, release, TODAY)
    return [change.location.name for change in found.changes], list(found.remarks)


def entry(*lines):
    """An entry with a kind and a reason."""
    return "\n".join(["[[diff.ignore]]", 'kind = "parameter.removed"', 'reason = "known"', *lines, ""])


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ([], []),
        (['name = "size*"'], ["all", "name"]),
        (['operation = "POST /cloudapi/machines/*"'], ["all"]),
        (['operation = "POST /cloudapi/machines/*"', 'name = "name"', 'in = "formData"'], ["all", "sizeId"]),
        (['until = "2.5"'], []),
        (['until = "2.10"'], []),
        (["until = 2027-01-31"], []),
        (['until = "2027-01-31"'], []),
    ],
)
def test_an_entry_ignores_what_fits_all_it_says(lines, names):
    """Patterns know nothing but `*`."""
    assert left(entry(*lines)) == (names, [])


@pytest.mark.parametrize(
    ("lines", "remark"),
    [
        (
            ['name = "nobody"'],
            "p.toml:1: unused entry (parameter.removed nobody): nothing fits it; delete it, or renew it.",
        ),
        (["until = 2027-01-30"], "p.toml:1: expired entry (parameter.removed): on 2027-01-30; delete it, or renew it."),
        (['until = "2.4.5"'], "p.toml:1: expired entry (parameter.removed): on 2.4.5; delete it, or renew it."),
        (
            ["until = 2027-01-30T08:00:00Z"],
            "p.toml:1: expired entry (parameter.removed): on 2027-01-30; delete it, or renew it.",
        ),
    ],
)
def test_an_entry_that_does_nothing_is_told(lines, remark):
    """Since nobody reads what was decided long ago."""
    assert left(entry(*lines)) == (REMOVED, [remark])


@pytest.mark.parametrize(("word", "levels"), [("breaking", ["breaking"] * 3), ("info", ["info"] * 3), ("ignore", [])])
def test_a_severity_replaces_both_verdicts(word, levels):
    """`ignore` leaves the changes out."""
    policy = policy_of(f'[diff.severity]\n"parameter.removed" = "{word}"\n', "p.toml")

    found = apply_policy(policy, CHANGES, "2.4.5", TODAY)

    assert [(change.wire.word, change.sdk.word) for change in found.changes] == [(level, level) for level in levels]
    assert found.ignored == 3 - len(levels)


HOSTILE = 'a"\\\n\x1b[31m\u202e*'


def test_the_snippet_ignores_what_it_was_made_of():
    """Whatever names there are, what is written reads back, and each entry fits its change."""
    changes = [*CHANGES, *compare(api(machines(parameter(HOSTILE))), api(machines()))]
    changes += compare(api(machines(responses=(answer(record(**{HOSTILE: NAME.schema})),))), api(machines()))
    policy = policy_of(ignore_entries(changes).replace('reason = ""', 'reason = "r"'), "p.toml")

    assert ignore_entries(changes).isprintable() or set(ignore_entries(changes)) - {"\n"} == {
        each for each in ignore_entries(changes) if each.isprintable()
    }
    assert apply_policy(policy, changes, "2.4.5", TODAY).changes == ()
    assert apply_policy(policy, changes, "2.4.5", TODAY).remarks == ()


def test_the_text_of_a_fingerprint_is_enough():
    """Who approved one change has approved that one."""
    text = f'[[diff.ignore]]\nfingerprint = "{CHANGES[0].fingerprint}"\nreason = "approved"\n'

    assert left(text) == (REMOVED[1:], [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[diff\n", "p.toml, line 1: it is no TOML: Expected ']' at the end of a table declaration."),
        ("x = 1\ny =", "p.toml, line 2: it is no TOML: Invalid value."),
        ("[diff]\nignores = 1\n", "p.toml, line 2: ignores means nothing in [diff]."),
        ("[diff.ignore]\nkind = 'a'\n", "p.toml, line 1: diff.ignore is no list; write it as [[diff.ignore]]."),
        ("diff = 1\n", "p.toml, line 1: diff means nothing in [diff]."),
        (entry() + "\n" + entry("nmae = 'x'"), "p.toml, line 8: nmae is none of kind, operation, in, name,"),
        (entry("name = 3"), "p.toml, line 4: name is no text."),
        (
            entry() + '[[diff.ignore]]\nkind = "parameter.removed"\n',
            "p.toml, line 4: the entry has no kind or no reason.",
        ),
        (entry("until = '..'"), "p.toml, line 4: until is neither a release nor a day."),
        (entry("until = 2.5"), "p.toml, line 4: until is neither a release nor a day."),
        ("[diff]\nseverity = 1\n", "p.toml, line 2: diff.severity is no table."),
        ("[diff.severity]\n'type.changed' = 'x'\n", "p.toml, line 2: 'x' is none of breaking, warning, info, ignore."),
        ("[diff]\nignore = [1]\n", "p.toml, line 2: an entry of diff.ignore is no table."),
        ("[[diff.ignore]]\nkind = 'paramter.removed'\nreason = 'x'\n", "No change is of the kind 'paramter.removed'."),
        ("[diff.severity]\n'type.change' = 'info'\n", "No change is of the kind 'type.change'."),
    ],
)
def test_a_mistake_is_told_with_its_line(text, said):
    """In two sentences: what, and what to do."""
    with pytest.raises(UsageError) as raised:
        policy_of(text, "p.toml")

    assert raised.value.what.startswith(said)
    assert raised.value.fix


def test_other_tables_are_others_business():
    """The file may hold more than this."""
    assert policy_of("[tool]\nx = 1\n", "p.toml").ignores == ()


def test_only_a_star_is_special():
    """What stands in paths and shapes stands for itself."""
    assert matches_pattern("disks[].size", "disks[].size")
    assert not matches_pattern("disks[].size", "disks.size")
    assert matches_pattern("/a/{b}/*", "/a/{b}/c/d")
    assert not matches_pattern("a?c", "abc")


def test_an_ignored_change_is_the_same_whatever_it_says():
    """Wording is not what an entry names."""
    reworded = [replace(change, message="other", hint="") for change in CHANGES]

    assert apply_policy(policy_of(entry(), "p.toml"), reworded, "2.4.5", TODAY).changes == ()

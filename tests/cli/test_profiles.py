"""Test profiles: their files, the precedence of values, and what the file of a project may not set."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from ovcgen.cli.profiles.profile_selection import profile_names
from tests.cli.conftest import Run, small_catalog
from tests.cli.test_call_documents import CALL, document, written
from tests.client.conftest import Listener
from tests.client.conftest import portal as portal

CANARY = "canary-7d1e"
URL = "https://portal.example"


def config(home: Path, text: str) -> Path:
    """Write the user's file with this text and return its path."""
    path = home / ".config" / "ovcgen" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path


def shown(run: Run, *arguments: str) -> dict[str, Any]:
    """Return the settings that `profile show` prints."""
    ended = run("profile", "show", *arguments, "--output", "json")
    assert ended.code == 0, ended.err
    settings: dict[str, Any] = json.loads(ended.out)
    return settings


def test_a_profile_is_made_changed_chosen_and_removed(run: Run, home: Path) -> None:
    """A profile is made, changed, chosen and removed in config.toml, which only its owner can read."""
    assert run("profile", "set", "prod", f"url={URL}", "timeout=60", "groups=cloudapi,system").code == 0
    assert run("profile", "set", "test", "url=https://test.example").code == 0
    assert run("profile", "use", "test").code == 0

    listed = run("profile", "list", "--output", "text", "--fields", "profile,url,chosen")
    assert listed.out == f"prod\t{URL}\tfalse\ntest\thttps://test.example\ttrue\n"
    assert stat.S_IMODE((home / ".config/ovcgen/config.toml").stat().st_mode) == 0o600
    assert shown(run, "prod")["groups"] == ["cloudapi", "system"]

    assert run("profile", "remove", "prod", "timeout").code == 0
    assert shown(run, "prod")["timeout"] == 600
    assert run("profile", "remove", "test").code == 0
    assert profile_names() == ["prod"]
    assert run("profile", "list", "--query", "[].chosen", "--output", "jsonl").out == "false\n"


def test_a_change_keeps_comments_and_order(run: Run, home: Path) -> None:
    """A change keeps the comments and the order of a file that a person wrote."""
    path = config(home, '# mine\n[profiles.prod]  # the real one\nurl = "https://a.example"  # moved in May\n')

    assert run("profile", "set", "prod", "timeout=5").code == 0

    assert path.read_text() == (
        '# mine\n[profiles.prod]  # the real one\nurl = "https://a.example"  # moved in May\ntimeout = 5.0\n'
    )


def test_each_value_says_where_it_comes_from(run: Run, home: Path, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`profile show` says where each value comes from: the environment, else the project, the user, the defaults."""
    mine = config(home, f'[profiles.prod]\nurl = "{URL}"\nrelease = "2.3.0"\ntimeout = 10\nretries = 1\n')
    project = here / "ovcgen.toml"
    project.write_text('profile = "prod"\n[profiles.prod]\nrelease = "2.4.5"\ntimeout = 20\n')
    monkeypatch.setenv("OVCGEN_TIMEOUT", "30")
    (here / "below").mkdir()
    monkeypatch.chdir(here / "below")

    ended = run("profile", "show", "--origin", "--output", "json")

    found = {row["setting"]: (row["value"], row["origin"]) for row in json.loads(ended.out)}
    assert found == {
        "profile": ("prod", str(project)),
        "url": (URL, str(mine)),
        "release": ("2.4.5", str(project)),
        "groups": (["cloudapi"], "default"),
        "timeout": (30.0, "OVCGEN_TIMEOUT"),
        "retries": (1, str(mine)),
        "itsyouonline_url": ("https://itsyou.online", "default"),
    }


def test_paths_count_from_the_file_and_those_of_a_command_from_the_working_directory(
    run: Run, home: Path, here: Path
) -> None:
    """Paths in a file are relative to the file, and paths of a command line to the working directory."""
    path = config(home, f'[profiles.prod]\nurl = "{URL}"\ncert = ["a.pem", "~/a.key"]\n')

    assert shown(run, "prod")["cert"] == [str(path.parent / "a.pem"), str(home / "a.key")]
    assert run("profile", "set", "prod", "cert=b.pem").code == 0
    assert shown(run, "prod")["cert"] == [str(here / "b.pem")]


@pytest.mark.parametrize(
    "arguments",
    [
        ("call", "prodd", "cloudapi.machines.list"),
        ("call", "cloudapi.machines.list", "--profile", "prodd"),
        ("task", "get", "prodd", "guid"),
        ("task", "wait", "guid", "--profile", "prodd"),
        ("fetch", "prodd", "--release", "x"),
        ("identify", "--profile", "prodd"),
        ("auth", "login", "prodd"),
        ("auth", "status", "prodd"),
        ("profile", "show", "prodd"),
        ("profile", "use", "prodd"),
        ("profile", "remove", "prodd"),
    ],
)
def test_an_unknown_profile_is_refused_with_the_nearest(run: Run, home: Path, arguments: tuple[str, ...]) -> None:
    """An unknown profile is an error that suggests the nearest name; no other profile is used instead."""
    config(home, f'profile = "prod"\n[profiles.prod]\nurl = "{URL}"\n')

    ended = run(*arguments)

    assert (ended.code, ended.two_lines) == (2, True)
    assert "There is no profile 'prodd'" in ended.err
    assert "Did you mean prod?" in ended.err


def test_the_profile_of_the_environment_is_named_by_its_variable(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error about a profile that the environment chose names the variable."""
    config(home, f'profile = "prod"\n[profiles.prod]\nurl = "{URL}"\n')
    monkeypatch.setenv("OVCGEN_PROFILE", "gone")

    ended = run("call", "cloudapi.machines.list")

    assert ended.code == 2
    assert "There is no profile 'gone' (OVCGEN_PROFILE)." in ended.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[profiles.prod]\nurl = "https://a.example"\ncient_id = "a"\n',
            "line 3: profiles.prod.cient_id is no setting",
        ),
        (f'[profiles.prod]\npassword = "{CANARY}"\n', "line 2: profiles.prod.password is no setting: secrets"),
        ('[profiles]\nprod = {url = "ftp://a"}\n', "line 2: profiles.prod.url has to be an address"),
        (f'[profiles.prod]\nurl = "https://u:{CANARY}@a.example"\n', "line 2: profiles.prod.url has to be an address"),
        ("[profiles.prod]\ntimeout = 0\n", "line 2: profiles.prod.timeout has to be a positive number"),
        ("[profiles.prod]\nretries = true\n", "line 2: profiles.prod.retries has to be a whole number"),
        ('[profiles."a b"]\nurl = "x"\n', "line 1: profiles.a b is no profile"),
        ("a = 1\nprofiles = 2\n", "line 1: a is no setting"),
        ("profiles = 2\n", "line 1: profiles has to be a table"),
        ("[profiles.prod\n", "line 1: it is no TOML"),
        ("profile = [\n\n", "line 2: it is no TOML"),
        ("a" * (2**20 + 1), "it is larger than"),
    ],
)
def test_a_broken_file_is_named_with_line_and_setting(run: Run, home: Path, text: str, said: str) -> None:
    """A broken file is an error with line and setting for every command except help."""
    path = config(home, text)

    ended = run("call", "prod", "cloudapi.machines.list")

    assert (ended.code, ended.two_lines) == (2, True)
    assert f"{path}" in ended.err
    assert said in ended.err
    assert CANARY not in ended.err
    assert profile_names() == []
    for command in ((), ("call",), ("profile", "set"), ("auth", "login")):
        assert run(*command, "--help").code == 0


def test_a_file_or_folder_that_the_environment_names_has_to_exist(
    run: Run, home: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file or folder that a variable names must exist; OVCGEN_CONFIG comes before OVCGEN_CONFIG_DIR."""
    config(home, f'[profiles.usual]\nurl = "{URL}"\n')
    (here / "config.toml").write_text(f'[profiles.folder]\nurl = "{URL}"\n')
    (here / "mine.toml").write_text(f'[profiles.file]\nurl = "{URL}"\n')

    assert profile_names() == ["usual"]
    monkeypatch.setenv("OVCGEN_CONFIG_DIR", str(here))
    assert profile_names() == ["folder"]
    monkeypatch.setenv("OVCGEN_CONFIG", str(here / "mine.toml"))
    assert profile_names() == ["file"]

    monkeypatch.setenv("OVCGEN_CONFIG", str(here / "none.toml"))
    assert "OVCGEN_CONFIG names" in run("profile", "list").err
    monkeypatch.delenv("OVCGEN_CONFIG")
    monkeypatch.setenv("OVCGEN_CONFIG_DIR", str(here / "none"))
    ended = run("profile", "list")
    assert (ended.code, ended.two_lines) == (2, True)
    assert "OVCGEN_CONFIG_DIR names" in ended.err


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ('ca_bundle = "evil.pem"', "can't be set by a project"),
        ('cert = "evil.pem"', "can't be set by a project"),
        ('itsyouonline_url = "https://evil.example"', "can't be set by a project"),
        ('login = "token"', "can't be set by a project"),
        (f'client_secret = "{CANARY}"', "can't be set by a project"),
        ("verify = false", "is no setting"),
        ('command = "rm -r"', "is no setting"),
        ('spec = "../../other/openapi.yaml"', "has to be below the folder of the file"),
    ],
)
@pytest.mark.parametrize("name", ["ovcgen.toml", "pyproject.toml"])
def test_a_project_names_portals_and_no_secrets_commands_or_tls(
    run: Run, here: Path, setting: str, said: str, name: str
) -> None:
    """A project may name portals, but no secrets, commands or TLS settings, since a stranger may have written it."""
    prefix = "tool.ovcgen." if name == "pyproject.toml" else ""
    (here / name).write_text(f'[{prefix}profiles.team]\nurl = "https://team.example"\n{setting}\n')

    ended = run("call", "team", "cloudapi.machines.list")

    assert (ended.code, ended.two_lines) == (2, True)
    assert f"{here / name}, line 3: {prefix}profiles.team.{setting.partition(' ')[0]} {said}" in ended.err
    assert CANARY not in ended.err


@pytest.mark.parametrize("text", ['generated = "../elsewhere"', 'specs = "/etc"', "generated = 1", 'out = "x"'])
def test_a_project_writes_into_its_own_folder_only(run: Run, here: Path, text: str) -> None:
    """A folder that a project sets for ovcgen's output must be inside of the project's own folder."""
    (here / "ovcgen.toml").write_text(f"{text}\n")

    ended = run("generate", "2.4.5", "--check")

    assert (ended.code, ended.two_lines) == (2, True)
    assert "line 1: " in ended.err


def test_the_folders_of_a_project_are_used(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project's folders are used in every folder below it, unless an option overrides them."""
    (here / "pyproject.toml").write_text('[tool.ovcgen]\ngenerated = "clients"\n[tool.ovcgen.diff]\nignore = []\n')
    (here / "below").mkdir()
    monkeypatch.chdir(here / "below")

    (here / "things.json").write_bytes(small_catalog())
    command = ("generate", here / "things.json", "--release", "1", "--check")

    outside = run(*command)

    assert outside.code == 1
    assert f"{here / 'clients'} is out of date" in outside.err
    assert "other is out of date" in run(*command, "--out", "other").err


def test_both_project_files_in_one_folder_are_refused(run: Run, here: Path) -> None:
    """Two project files in one folder are an error, so that neither is ignored silently."""
    (here / "pyproject.toml").write_text("[tool.ovcgen]\n")
    (here / "ovcgen.toml").write_text("")

    ended = run("profile", "list")

    assert (ended.code, ended.two_lines) == (2, True)
    assert "has settings in [tool.ovcgen], too" in ended.err


@pytest.mark.parametrize(
    "text", ["", "[tool.other]\n", '[project]\ndependencies = ["ovcgen"]\n', "ovcgen = [", "tool = 1\nx = 'ovcgen'"]
)
def test_a_pyproject_of_others_is_left_alone(home: Path, here: Path, text: str) -> None:
    """A pyproject.toml without settings of ovcgen is ignored, even if it mentions ovcgen or is no valid TOML."""
    config(home, f'[profiles.prod]\nurl = "{URL}"\n')
    (here / "pyproject.toml").write_text(text)

    assert profile_names() == ["prod"]


def test_a_project_can_not_redirect_a_profile_of_the_user(run: Run, home: Path, here: Path) -> None:
    """A project can't change the address of a user's profile, since the profile's login would be sent there."""
    config(home, f'[profiles.prod]\nurl = "{URL}"\n')
    (here / "ovcgen.toml").write_text('[profiles.prod]\nurl = "https://evil.example"\n')

    ended = run("call", "prod", "cloudapi.machines.list")

    assert (ended.code, ended.two_lines) == (2, True)
    assert "another address" in ended.err


def test_a_portal_that_a_project_chooses_gets_no_credentials_of_the_environment(
    run: Run, here: Path, logged_in: Any
) -> None:
    """A portal that a project chooses gets no credentials of the environment, unless the user names the profile."""
    (here / "ovcgen.toml").write_text(
        f'profile = "team"\n[profiles.team]\nurl = "{logged_in.url}"\nrelease = "2.4.5"\n'
    )

    refused = run("call", "cloudapi.cloudspaces.list")
    named = run("call", "team", "cloudapi.cloudspaces.list")

    assert (refused.code, refused.two_lines) == (2, True)
    assert "`--profile team`" in refused.err
    assert named.code == 0
    assert not any(seen.path.endswith("prepareCatalog") for seen in logged_in.simulator.seen)


def test_a_portal_that_a_project_defines_gets_none_either(run: Run, home: Path, here: Path, logged_in: Any) -> None:
    """A profile that the user's file chooses, but only the project's file defines, may be anybody's portal."""
    config(home, 'profile = "team"\n')
    (here / "ovcgen.toml").write_text(f'[profiles.team]\nurl = "{logged_in.url}"\nrelease = "2.4.5"\n')

    refused = run("call", "cloudapi.cloudspaces.list")

    assert (refused.code, refused.two_lines) == (2, True)
    assert "config.toml chooses, is defined by the project alone" in refused.err
    assert "`--profile team`" in refused.err


def test_a_service_that_a_project_chooses_gets_no_credentials_either(
    run: Run, here: Path, portal: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document's service that a project chooses gets no credentials from the variables for documents either."""
    written(here, document(portal.url, schemes={"s": {"type": "http", "scheme": "bearer"}}))
    (here / "ovcgen.toml").write_text('profile = "team"\n[profiles.team]\nspec = "things.json"\n')
    monkeypatch.setenv("OVCGEN_TOKEN", CANARY)

    refused = run("call", CALL)
    named = run("call", "team", CALL)

    assert (refused.code, refused.two_lines) == (2, True)
    assert named.code == 0
    assert [headers["Authorization"] for _, _, _, headers in portal.seen] == [f"bearer {CANARY}"]


def test_a_profile_stands_wherever_an_address_does(
    run: Run, home: Path, logged_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A profile can be given instead of an address: as an argument, an option or an environment variable."""
    config(home, f'[profiles.sim]\nurl = "{logged_in.url}"\nretries = 0\nrelease = "2.4.5"\n')
    call = ("cloudapi.machines.get", "machineId=1")

    assert run("call", "sim", *call).code == 0
    assert run("call", *call, "--profile", "sim").code == 0
    started = run("call", "sim", "cloudapi.machines.start", "machineId=1", "--async")
    assert run("task", "wait", "sim", started.out.strip()).code == 0
    assert run("identify", "sim", "--output", "text").out.startswith("2.4.5: exactly")
    assert run("diff", "2.4.5", "sim").code == 0
    monkeypatch.setenv("OVCGEN_PROFILE", "sim")
    assert run("call", *call).code == 0
    ended = {"guid": started.out.strip(), "status": "done", "result": True}
    assert json.loads(run("task", "get", started.out.strip()).out) == ended
    assert run("call", "other", *call).code == 2
    assert run("call", "sim", *call, "--profile", "other").code == 2


def test_an_address_is_called_without_the_chosen_profile(run: Run, home: Path, logged_in: Any) -> None:
    """A call to an address uses neither the settings nor the login of the chosen profile for another portal."""
    config(home, f'profile = "prod"\n[profiles.prod]\nurl = "{URL}"\nrelease = "9.9.9"\n')

    assert run("call", logged_in.url, "cloudapi.locations.getUrl").code == 0


@pytest.mark.parametrize(
    ("variable", "value"), [("OVCGEN_TIMEOUT", "soon"), ("OVCGEN_RETRIES", "-1"), ("ITSYOUONLINE_URL", "x")]
)
def test_a_variable_that_can_not_be_used_is_named(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """An invalid environment variable is an error that names the variable and the valid values."""
    config(home, f'[profiles.prod]\nurl = "{URL}"\n')
    monkeypatch.setenv(variable, value)

    ended = run("profile", "show", "prod")

    assert (ended.code, ended.two_lines) == (2, True)
    assert f"{variable} has to be" in ended.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("prod", f"client_secret={CANARY}"), "`ovcgen auth login`"),
        (("prod", "timeot=3"), "Did you mean timeout?"),
        (("prod", "timeout=soon"), "positive number"),
        (("prod", "url"), "SETTING=VALUE"),
        (("a.b", f"url={URL}"), "no name of a profile"),
    ],
)
def test_what_can_not_be_set_is_refused(run: Run, home: Path, arguments: tuple[str, ...], said: str) -> None:
    """An invalid setting is refused, nothing is written, and the message repeats no secret."""
    ended = run("profile", "set", *arguments)

    assert (ended.code, ended.two_lines) == (2, True)
    assert said in ended.err
    assert CANARY not in ended.err
    assert not (home / ".config").exists()


def test_a_deleted_working_directory_has_no_project(home: Path, here: Path) -> None:
    """In a deleted working directory there is no project, and the user's profiles still work."""
    config(home, f'[profiles.prod]\nurl = "{URL}"\n')
    (here / "gone").mkdir()
    os.chdir(here / "gone")
    (here / "gone").rmdir()

    assert profile_names() == ["prod"]
    os.chdir(here)

"""The pytest plugin, in test runs of its users."""

import pytest

import ovcgen

HEAVY = {"bravado", "bravado_core", "jsonschema", "requests", "werkzeug", "ovcgen.network_guard", "ovcgen.workflows"}

ELSEWHERE = """
import socket
import pytest

def reach():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
        connection.connect(("192.0.2.1", 53))  # sends nothing
"""


@pytest.fixture(scope="module", autouse=True)
def _loaded():
    """A run within a run forgets what it imported, and compiled modules can't be imported twice: so, once before."""
    with ovcgen.simulate() as server:
        ovcgen.connect(server.url, release=server.release).close()


@pytest.fixture
def run(pytester):
    """A function: run these tests as a user whose warnings are errors."""

    def run(text, *options):
        pytester.makepyfile(text)
        return pytester.runpytest("-q", "-W", "error", "--strict-markers", *options)

    return run


def test_clients_are_logged_in(run):
    """The ordinary user administers an account, and is no administrator of the portal."""
    run("""
        import ovcgen
        import pytest

        def test_user(ovc_client):
            assert [account["name"] for account in ovc_client.cloudapi.accounts.list()] == ["acme"]
            with pytest.raises(ovcgen.Forbidden):
                ovc_client.cloudbroker.user.delete(username="bob@itsyouonline")

        def test_both_are_at_one_portal(ovc_portal, ovc_client, ovc_admin):
            assert ovc_admin.cloudbroker.user.delete(username="bob@itsyouonline")
            assert ovc_client.cloudapi.users.get(username=ovc_portal.username)
            assert {request.method for request in ovc_portal.simulator.seen} == {"POST"}
    """).assert_outcomes(passed=2)


def test_an_asynchronous_client_is_logged_in(run):
    """It is opened by the test, on the loop of the test; what leads beyond this machine can be refused."""
    run(
        """
        import asyncio
        import ovcgen.aio as ovc
        import pytest

        def test_user(ovc_async_client, ovc_client):
            async def names():
                async with ovc_async_client as portal:
                    with pytest.raises(ovc.Forbidden):
                        await portal.cloudbroker.user.delete(username="bob@itsyouonline")
                    return [account["name"] for account in await portal.cloudapi.accounts.list()]

            assert asyncio.run(names()) == ["acme"]
            assert ovc_client.cloudapi.accounts.list()

        def test_elsewhere():
            async def call():
                async with ovc.connect("http://192.0.2.1", release="2.4.5") as portal:
                    await portal.cloudapi.accounts.list()

            with pytest.raises(BaseException, match="192") as caught:
                asyncio.run(call())
            assert type(caught.value).__name__ == "NetworkRefused"
        """,
        "--ovc-block-network",
    ).assert_outcomes(passed=2)


def test_every_test_has_a_portal_of_its_own(run):
    """What one does is nothing to the others: the same records, the same numbers, no requests but their own."""
    run("""
        import pytest

        @pytest.mark.parametrize("round", [1, 2, 3])
        def test_create(ovc_portal, ovc_client, round):
            made = ovc_client.cloudapi.cloudspaces.create(
                accountId=1, location="be-demo-1", name="mine", access=ovc_portal.username
            )
            assert [space["id"] for space in ovc_client.cloudapi.cloudspaces.list()] == [1, made] == [1, 2]
            assert len(ovc_portal.simulator.seen) == 2
    """).assert_outcomes(passed=3)


def test_the_release_is_chosen(run, pytester):
    """By a marker, else by a setting, else it is the newest."""
    text = """
        import pytest

        @pytest.mark.ovc_release("2.3.0")
        def test_marked(ovc_portal, ovc_client):
            assert ovc_portal.release == ovc_client.release == "2.3.0"

        def test_unmarked(ovc_portal):
            assert ovc_portal.release == "{}"
    """
    run(text.format("2.4.5")).assert_outcomes(passed=2)
    pytester.makeini("[pytest]\novc_release = 2.4.0")
    run(text.format("2.4.0")).assert_outcomes(passed=2)


def test_tests_run_once_for_each_release(run):
    """With --ovc-releases a test runs once for each release, and all clients are of that release."""
    run(
        """
        import asyncio

        def test_it(ovc_portal, ovc_release, ovc_client, ovc_async_client):
            async def release():
                async with ovc_async_client as portal:
                    return portal.release

            assert {ovc_portal.release, ovc_client.release, asyncio.run(release())} == {ovc_release}
        """,
        "--ovc-releases",
        "2.2.6, 2.4.5,2.2.6",
    ).assert_outcomes(passed=2)


def test_the_release_stands_in_the_id(run):
    """The release is added to a test's id, unless the test itself chooses a release and so runs only once."""
    done = run(
        """
        import pytest

        def test_plain(): ...

        def test_portal(ovc_portal): ...

        def test_asynchronous(ovc_async_client): ...

        @pytest.mark.parametrize("size", [1, 2])
        def test_both(ovc_client, size): ...

        @pytest.mark.ovc_release("2.3.0")
        def test_marked(ovc_portal): ...

        @pytest.mark.parametrize("ovc_release", ["2.4.0"], indirect=True)
        def test_own(ovc_portal): ...
        """,
        "--ovc-releases=2.2.6,2.4.5",
        "--collect-only",
    )

    collected = [line.rpartition("::test_")[2] for line in done.outlines if "::test_" in line]
    assert [name for name in collected if not name.startswith("both")] == [
        "plain",
        "portal[2.2.6]",
        "portal[2.4.5]",
        "asynchronous[2.2.6]",
        "asynchronous[2.4.5]",
        "marked",
        "own[2.4.0]",
    ]
    both = {tuple(sorted(name.removeprefix("both[").rstrip("]").split("-"))) for name in collected if "both" in name}
    assert both == {("1", "2.2.6"), ("1", "2.4.5"), ("2", "2.2.6"), ("2", "2.4.5")}


def test_an_unknown_release_is_a_usage_error(run):
    """An unknown release ends pytest with a usage error that lists the known releases, before any test runs."""
    done = run("def test_it(ovc_portal): ...", "--ovc-releases", "2.4.5,9.9")

    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["*--ovc-releases: *2.4.4, 2.4.5*"])


def test_a_marker_that_names_no_release_is_explained(run):
    """And so is one that names an unknown one."""
    done = run("""
        import pytest

        @pytest.mark.ovc_release()
        def test_empty(ovc_portal): ...

        @pytest.mark.ovc_release("9.9")
        def test_unknown(ovc_portal): ...
    """)

    done.assert_outcomes(errors=2)
    done.stdout.fnmatch_lines(["*ovc_release takes one release*", "*9.9*2.4.5*"])


def test_calls_go_wrong_on_demand(run):
    """Each marker is one fault, of this test only; a class and its test add theirs."""
    run("""
        import ovcgen
        import pytest

        @pytest.mark.ovc_faults("status", status=404, operation="cloudapi.sizes.*")
        class TestOften:
            @pytest.mark.ovc_faults("drop", operation="cloudapi.cloudspaces.create", executed=True)
            def test_faults(self, ovc_portal, ovc_client):
                with pytest.raises(ovcgen.NotFound):
                    ovc_client.cloudapi.sizes.list(cloudspaceId=1)
                with pytest.raises(ovcgen.OutcomeUnknown):
                    ovc_client.cloudapi.cloudspaces.create(
                        accountId=1, location="be-demo-1", name="mine", access=ovc_portal.username
                    )
                assert len(ovc_client.cloudapi.cloudspaces.list()) == 2

        def test_none(ovc_client):
            assert ovc_client.cloudapi.sizes.list(cloudspaceId=1)
    """).assert_outcomes(passed=2)


def test_a_fault_that_there_is_not_is_explained(run):
    """Before the test, with the kinds that there are."""
    done = run("""
        import pytest

        @pytest.mark.ovc_faults("earthquake")
        def test_it(ovc_portal): ...
    """)

    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*No such fault: 'earthquake'. Kinds are status, *"])


def test_the_network_is_open_until_it_is_blocked(run, pytester):
    """By an option, by a setting, by a marker; a marker can open it, too."""
    text = f"""{ELSEWHERE}
def test_plain(): reach()

@pytest.mark.ovc_block_network
def test_blocked(): reach()

@pytest.mark.ovc_block_network(False)
def test_opened(): reach()
"""
    run(text).assert_outcomes(passed=2, failed=1)
    run(text, "--ovc-block-network").assert_outcomes(passed=1, failed=2)
    pytester.makeini("[pytest]\novc_block_network = true")
    run(text).assert_outcomes(passed=1, failed=2)


def test_fixtures_are_blocked_with_their_test(run):
    """What a fixture sets up or tears down is part of the test; the error says what was asked for."""
    done = run(f"""{ELSEWHERE}
@pytest.fixture
def before():
    reach()

@pytest.fixture
def after():
    yield
    reach()

pytestmark = pytest.mark.ovc_block_network

def test_before(before): ...

def test_after(after): ...
""")

    done.assert_outcomes(passed=1, errors=2)
    done.stdout.fnmatch_lines(["*NetworkRefused: A connection to 192.0.2.1 was refused*"])


def test_the_simulated_portal_is_reached_all_the_same(run):
    """It is on loopback, and so is its identity provider."""
    run("def test_it(ovc_client): ovc_client.cloudapi.accounts.list()", "--ovc-block-network").assert_outcomes(passed=1)


@pytest.fixture
def run_alone(pytester, monkeypatch):
    """A function: run these tests in a process of their own, with no other plugins than named."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(text, *options):
        pytester.makepyfile(text)
        return pytester.runpytest_subprocess("-q", "-W", "error", "-p", "ovcgen.pytest_plugin", *options)

    return run


def test_who_does_not_use_it_does_not_notice(run_alone):
    """A run without the fixtures loads nothing for them, and no hook listens."""
    text = f"def test_it():\n    import sys\n    assert {HEAVY!r} & sys.modules.keys() == set()"

    run_alone(text).assert_outcomes(passed=1)


@pytest.mark.slow
def test_it_works_in_several_processes(run_alone):
    """Every worker of xdist has its own portals."""
    text = """
        import pytest

        @pytest.mark.parametrize("round", range(4))
        def test_it(ovc_client, round):
            assert len(ovc_client.cloudapi.accounts.list()) == 1
    """

    run_alone(text, "-p", "xdist", "-n", "2", "--ovc-block-network").assert_outcomes(passed=4)


def test_pytest_tells_of_it(pytester):
    """The option, the markers and the fixtures have their sentence in pytest's own help."""
    pytester.runpytest("--help").stdout.fnmatch_lines_random(["*--ovc-block-network*", "*--ovc-releases=R1,R2*"])
    pytester.runpytest("--markers").stdout.fnmatch_lines(
        ["*ovc_release(release): *", "*ovc_faults(kind, *", "*ovc_block_network(*"]
    )
    pytester.runpytest("--fixtures").stdout.fnmatch_lines_random(  # pytest sorts them by the text of their line number
        [
            "ovc_portal -- *",
            "*simulated portal that is this test's alone*",
            "ovc_client -- *",
            "*ordinary user*",
            "ovc_admin -- *",
            "*administrator of the portal*",
        ]
    )


def test_planned_faults_have_to_happen_where_a_test_says_so(run):
    """The fixture `ovc_faults` fails a test whose faults did not happen, those of its markers among them."""
    run("""
        import ovcgen
        import pytest

        @pytest.mark.ovc_faults("delay", operation="cloudapi.accounts.list")
        def test_used(ovc_client, ovc_faults):
            ovc_client.cloudapi.accounts.list()

        @pytest.mark.ovc_faults("drop", operation="cloudapi.machines.list")
        def test_unused(ovc_client, ovc_faults):
            ovc_client.cloudapi.accounts.list()

        @pytest.mark.ovc_faults("drop", operation="cloudapi.machines.list")
        def test_nobody_asks(ovc_client):
            ovc_client.cloudapi.accounts.list()
    """).assert_outcomes(passed=3, errors=1)


def test_a_fault_for_no_operation_is_an_error(run):
    """The marker of a misspelt operation does not pass silently."""
    result = run("""
        import pytest

        @pytest.mark.ovc_faults("drop", operation="cloudapi.account.list")
        def test_misspelt(ovc_portal):
            pass
    """)

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*NoSuchOperation*cloudapi.account.list*"])


DOCUMENT = """
{"openapi": "3.0.0", "info": {"title": "Pets", "version": "1"}, "paths": {"/pets": {"get": {"operationId": "list",
 "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"type": "integer"}}}}}}}}}
"""


def test_any_document_can_be_mocked(run, pytester):
    """`ovc_mock` serves the document of the marker or the setting, with faults; a missing document is an error."""
    pytester.path.joinpath("pets.json").write_text(DOCUMENT)
    tests = """
        import pytest
        import requests

        @pytest.mark.ovc_document("pets.json")
        @pytest.mark.ovc_faults("status", status=503)
        def test_marked(ovc_mock):
            assert [requests.get(f"{ovc_mock.url}/pets", timeout=5).status_code for _ in "ab"] == [503, 200]
            assert [request.path for request in ovc_mock.mock.seen] == ["/pets", "/pets"]

        def test_set(ovc_mock):
            assert requests.get(f"{ovc_mock.url}/pets", timeout=5).json() == 1
        """

    run(tests, "-o", "ovc_document=pets.json").assert_outcomes(passed=2)
    result = run(tests)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(['*add the marker ovc_document("openapi.yaml")*'])

"""What can be waited for, as the module of an SDK says it."""

from __future__ import annotations

from dataclasses import replace

from ovcgen.generator import sdk_files
from ovcgen.generator.view.schema_annotations import named_types
from ovcgen.generator.view.waiters import WaitersModule, waiters_module
from ovcgen.model.api import Operation
from ovcgen.model.waiter import ConditionSpec, ListEntry, WaiterSpec
from tests.build import ANYTHING, INTEGER, api, listed, must, must_have, named, operation, parameter, record

MACHINE = record(status=must_have(INTEGER))
GET = operation("/cloudapi/machines/get", must(parameter("machineId", INTEGER)), result=named("Machine"), retry="read")
LIST = operation("/cloudapi/machines/list", parameter("ids", listed(INTEGER)), result=listed(named("Machine")))
RUNS = WaiterSpec(
    "machine_running", "POST", GET.path, (ConditionSpec("/status", ("RUNNING",)),), doc="Wait until it runs."
)
NAMED = replace(
    RUNS, name="machine_listed", path=LIST.path, list_entry=ListEntry("name", "name", "string", "/name", "Its name.")
)


def module(*waiters: WaiterSpec, operations: tuple[Operation, ...] = (GET, LIST)) -> WaitersModule:
    """What the template sees."""
    made = replace(api(*operations, Machine=MACHINE), waiters=waiters)
    return waiters_module(made, named_types(made))


def signature(waiter: WaiterSpec, *operations: Operation) -> str:
    """The one method's signature in one line."""
    [wait] = module(waiter, operations=operations or (GET, LIST)).waits
    return " ".join(wait.signature.split()).replace("( ", "(").replace(", )", ")")


OPTIONS = "timeout: float = 600.0, on_progress: Callable[[Progress], object] | None = None, **unknown: Never"


def test_a_method_takes_what_the_operation_takes() -> None:
    """And what every waiter takes; it gives what the operation answers."""
    assert signature(RUNS) == f"def machine_running(self, *, machineId: int, {OPTIONS}) -> types.Machine"


def test_what_is_gone_is_nothing() -> None:
    """There is no object to give."""
    assert signature(replace(RUNS, missing_is_success=True)).endswith(") -> None")


def test_of_a_list_it_gives_the_entry() -> None:
    """Which the caller names first."""
    assert signature(NAMED) == (
        f"def machine_listed(self, *, name: str, ids: list[int] | None = None, {OPTIONS}) -> types.Machine"
    )
    assert signature(NAMED, replace(LIST, result=ANYTHING)).endswith(") -> Any")


def test_the_text_says_what_to_give() -> None:
    """As that of any call."""
    [wait] = module(NAMED).waits

    assert wait.docstring.splitlines()[0] == '"""Wait until it runs.'
    assert "        name: Its name." in wait.docstring.splitlines()


def test_a_constant_says_when_it_is_over() -> None:
    """All of it, and nothing that is as usual."""
    whole = replace(
        NAMED,
        until=(*NAMED.until, ConditionSpec("/ip", ("", "Undefined"), negated=True)),
        failure_states=("ERROR",),
        regress_from=("A", "B"),
        regress_to=("C",),
    )

    assert [wait.constant for wait in module(RUNS).waits] == [
        '_MACHINE_RUNNING = Waiter("machine_running", _CLOUDAPI_MACHINES_GET, (Condition("/status", ("RUNNING",)),))'
    ]
    assert [wait.constant.split("\n") for wait in module(whole).waits] == [
        [
            '_MACHINE_LISTED = Waiter("machine_listed", _CLOUDAPI_MACHINES_LIST, (',
            '    Condition("/status", ("RUNNING",)), Condition("/ip", ("", "Undefined"), negated=True),',
            '), failed=("ERROR",), falling=("A", "B"), fallen=("C",),',
            '    entry=(ParameterSpec("name", "string", required=True), "/name"))',
        ]
    ]


def test_an_operation_stands_there_once() -> None:
    """However many waiters ask it."""
    found = module(RUNS, replace(RUNS, name="machine_halted"))

    assert (len(found.operations), len(found.waits)) == (1, 2)
    assert found.operations[0].startswith("_CLOUDAPI_MACHINES_GET = OperationSpec(")


def test_a_waiter_without_its_operation_is_left_out() -> None:
    """An SDK may have some groups only; then its module imports nothing for it."""
    found = module(RUNS, operations=(LIST,))

    assert (found.operations, found.waits, found.runtime, found.checking) == ((), (), (), ())


def test_names_can_be_pythons_own() -> None:
    """Those of the operation, and of what picks an entry; the wire stays as it is."""
    picked = replace(NAMED, list_entry=ListEntry("imageId", "imageId", "integer", "/id"))
    made = replace(api(GET, LIST, Machine=MACHINE), waiters=(picked, RUNS))
    text = sdk_files(made, sha256="", naming="pep8")["openvcloud_2_4_5/_waiters.py"]

    assert "machine_id: int," in text
    assert "image_id: int," in text
    assert 'entry=(ParameterSpec("imageId", "integer", required=True, key="image_id"), "/id")' in text


def test_the_readme_lists_them() -> None:
    """Where there are any."""
    made = api(GET, Machine=MACHINE)

    assert "\n- `machine_running`\n" in sdk_files(replace(made, waiters=(RUNS, NAMED)), sha256="")["README.md"]
    assert "machine_listed" not in sdk_files(replace(made, waiters=(RUNS, NAMED)), sha256="")["README.md"]
    assert "portal.wait" not in sdk_files(made, sha256="")["README.md"]

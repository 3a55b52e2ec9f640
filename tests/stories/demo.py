"""The whole story on one screen: a portal, its catalog, both clients, and what the next release changes.

Run it with `make demo`. Everything happens on this machine, in a folder that is removed at the end.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import venv
from collections.abc import Iterator
from pathlib import Path

from tests.locked import constrained

OVCGEN = Path(sys.executable).with_name("ovcgen")

RUNTIME = """
import ovcgen

portal = ovcgen.connect(URL, auth=ovcgen.ItsYouOnline.from_env())
print("it looks like release", portal.corrections.release)

[space] = portal.cloudapi.cloudspaces.list()
print("cloudspace", space["id"], repr(space["name"]), space["status"], space["publicipaddress"])

image = portal.cloudapi.images.list()[0]
task = portal.cloudapi.machines.create(
    cloudspaceId=space["id"], name="web", memory=2048, vcpus=2, imageId=image["id"], disksize=10, _async=True
)
print(task)
machine_id = task.wait(timeout=60, on_progress=lambda step: print(f"  after {step.elapsed:.1f} s: {step.status}"))
print("machine", machine_id, "is", portal.cloudapi.machines.get(machineId=machine_id)["status"])

try:
    portal.cloudapi.machines.delete(machineId=machine_id, permanent=True)
except TypeError as error:
    print("TypeError:", error)
"""

STATIC = """
import sys
import openvcloud_2_4_5 as ovc

with ovc.connect(URL, auth=ovc.ItsYouOnline.from_env()) as portal:
    [space] = portal.cloudapi.cloudspaces.list()
    print("cloudspace", space["id"], repr(space["name"]), space["status"], space["publicipaddress"])
    image = portal.cloudapi.images.list()[0]
    task = portal.cloudapi.machines.create(
        cloudspaceId=space["id"], name="db", memory=4096, vcpus=2, imageId=image["id"], disksize=10, _async=True
    )
    print("machine", task.result(timeout=60), "was created")
    print([machine["name"] for machine in portal.cloudapi.machines.list(cloudspaceId=space["id"])])
    try:
        portal.cloudapi.machines.get(machineId=4711)
    except ovc.NotFound as error:
        print("NotFound:", error)
print("ovcgen was needed:", "ovcgen" in sys.modules)
"""


def main() -> None:
    """Tell it from beginning to end; any step that fails ends it with an exit code other than 0."""
    with tempfile.TemporaryDirectory(prefix="ovcgen-demo-") as folder, portal() as told:
        here = Path(folder)
        say(
            "OpenvCloud runs virtual machines in private networks called cloudspaces; people and scripts reach it "
            "through its portal. A simulated portal is up now, with an identity provider and invented credentials."
        )
        print(f"   portal    {told['url']}\n   identity  {told['itsyouonline']}")
        environment = {
            **(os.environ | constrained(here)),
            "CLIENT_ID": told["client_id"],
            "CLIENT_SECRET": told["client_secret"],
            "ITSYOUONLINE_URL": told["itsyouonline"],
        }
        url = told["url"]

        say("1. Fetch the catalog that the portal describes itself with, check it, and pin it.")
        groups = ["--group", "cloudapi", "--group", "cloudbroker", "--group", "libcloud", "--group", "system"]
        run([OVCGEN, "fetch", url, "--release", "auto", *groups, "--specs", "pinned"], here, environment)

        say("2. Call the portal at once. The calls are those of its own catalog; bravado sends them.")
        python(sys.executable, RUNTIME, url, here, environment)

        say("3. Generate a typed SDK for this release.")
        run([OVCGEN, "generate", "2.4.5", "--specs", "pinned"], here, environment)

        say("4. Install it in an environment of its own: it brings `requests`, and nothing of ovcgen.")
        own = here / "venv"
        venv.create(own, with_pip=True)
        pip = [own / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
        run([*pip, "install", "-qq", "./generated/openvcloud-2.4.5"], here, environment)
        run([*pip, "list"], here, environment)

        say("5. The same calls, now with types that an editor and mypy understand.")
        python(str(own / "bin" / "python"), STATIC, url, here, environment)

        say("6. What would an upgrade from 2.3.0 to 2.4.0 break? (exit code 1 says: something)")
        run([OVCGEN, "diff", "2.3.0", "2.4.0"], here, environment, shown=24, expected=1)
        say("That was it: `make test` runs all of this and more; the README says how to begin.")


@contextlib.contextmanager
def portal() -> Iterator[dict[str, str]]:
    """`ovcgen serve`, and what its first line tells."""
    command = [str(OVCGEN), "serve", "--release", "2.4.5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield json.loads(process.stdout.readline() if process.stdout else "")
        finally:
            process.terminate()


def say(text: str) -> None:
    """A heading."""
    width = min(shutil.get_terminal_size().columns, 100)
    print(f"\n{textwrap.fill(text, width)}\n", flush=True)


def run(command: list[object], here: Path, environment: dict[str, str], *, shown: int = 0, expected: int = 0) -> None:
    """Show a command and what it prints; `shown` is how many lines of it."""
    words = [Path(str(word)).name if isinstance(word, Path) else str(word) for word in command]
    print("   $", " ".join(words), flush=True)
    done = subprocess.run(
        list(map(str, command)), cwd=here, env=environment, capture_output=True, text=True, check=False
    )
    lines = (done.stderr + done.stdout).splitlines()
    cut = lines[:shown] if shown and len(lines) > shown else lines
    print(textwrap.indent("\n".join(cut), "   "), flush=True)
    if len(cut) < len(lines):
        print(f"   ... and {len(lines) - len(cut)} lines more")
    if done.returncode != expected:
        sys.exit(f"`{' '.join(words)}` ended with exit code {done.returncode}, {expected} was expected.")


def python(interpreter: str, code: str, url: str, here: Path, environment: dict[str, str]) -> None:
    """Show a script, then run it."""
    print(textwrap.indent(code.strip(), "   | ", lambda _: True).replace("URL", repr(url)), "\n", flush=True)
    script = code.replace("URL", repr(url))
    done = subprocess.run(
        [interpreter, "-c", script], cwd=here, env=environment, capture_output=True, text=True, check=False
    )
    print(textwrap.indent(done.stdout + done.stderr, "   "), flush=True)
    if done.returncode:
        sys.exit("The script above failed.")


if __name__ == "__main__":
    main()

"""Define how long work takes, and statuses that change with time. Nothing here reads a clock."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """A record of how long slow work takes in a simulated portal; each attribute is a duration in seconds.

    Attributes:
        deploy: Build the firewall of a cloudspace.
        create: Create a machine, until it runs.
        address: From a running machine until its address is known.
        power: Start, stop, reboot, pause or resume.
        delete: Delete an object.
        copy: Make a template, clone or snapshot.
    """

    deploy: float = 0.0
    create: float = 0.0
    address: float = 0.0
    power: float = 0.0
    delete: float = 0.0
    copy: float = 0.0


INSTANT = Pace()
DEMO = Pace(deploy=2.0, create=2.0, address=0.5, power=0.5, delete=0.5, copy=1.0)
REAL = Pace(deploy=60.0, create=45.0, address=15.0, power=8.0, delete=5.0, copy=90.0)
PACES = {"instant": INSTANT, "demo": DEMO, "real": REAL}


@dataclass(frozen=True, slots=True)
class Timeline:
    """A record of the status of an object over time.

    Attributes:
        steps: Pairs of a start time (seconds since the epoch) and the status from then on, earliest first.
    """

    steps: tuple[tuple[float, str], ...]

    def at(self, now: float) -> str:
        """Return the status at that time. Before the first step, it is the status of the first step."""
        if len(self.steps) == 1:
            return self.steps[0][1]
        return next((status for since, status in reversed(self.steps) if since <= now), self.steps[0][1])


def steady(status: str) -> Timeline:
    """Return a timeline with one status that never changes."""
    return Timeline(((0.0, status),))


def changing(now: float, first: str, *later: tuple[float, str]) -> Timeline:
    """Return a timeline: `first` from `now` on, then each (seconds after `now`, status) of `later`, earliest first."""
    return Timeline(((now, first), *((now + seconds, status) for seconds, status in later)))

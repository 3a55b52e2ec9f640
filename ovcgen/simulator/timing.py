"""How long things take, and states that change by themselves. Nothing here knows what time it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds a portal needs for its slow work."""

    deploy: float = 0.0  # a cloudspace's firewall
    create: float = 0.0  # a machine, until it runs
    address: float = 0.0  # from running until the machine's address is known
    power: float = 0.0  # start, stop, reboot, pause, resume
    delete: float = 0.0
    copy: float = 0.0  # templates, clones, snapshots


INSTANT = Pace()
DEMO = Pace(deploy=2.0, create=2.0, address=0.5, power=0.5, delete=0.5, copy=1.0)
REAL = Pace(deploy=60.0, create=45.0, address=15.0, power=8.0, delete=5.0, copy=90.0)
PACES = {"instant": INSTANT, "demo": DEMO, "real": REAL}


@dataclass(frozen=True, slots=True)
class Timeline:
    """A status over time: what it is depends only on when somebody looks."""

    steps: tuple[tuple[float, str], ...]

    def at(self, now: float) -> str:
        """The status at that time."""
        if len(self.steps) == 1:
            return self.steps[0][1]
        return next((status for since, status in reversed(self.steps) if since <= now), self.steps[0][1])


def steady(status: str) -> Timeline:
    """A status that stays."""
    return Timeline(((0.0, status),))


def changing(now: float, first: str, *later: tuple[float, str]) -> Timeline:
    """`first` now, and each of `later` that many seconds from now."""
    return Timeline(((now, first), *((now + seconds, status) for seconds, status in later)))

"""Time that can be turned."""

import threading

from ovcgen.simulator.clock import Clock


def test_it_is_ahead_of_the_clock_it_was_given():
    """By all that it was turned."""
    clock = Clock(lambda: 100.0)

    assert clock() == 100.0
    assert clock.advance(5) == 105.0
    assert clock.advance(0.5) == clock() == 105.5


def test_a_sleep_of_its_own_is_used():
    """Whoever owns the clock decides what waiting means."""
    slept = []
    Clock(lambda: 100.0, slept.append).sleep(3)

    assert slept == [3]


def test_a_sleep_of_its_own_is_not_used_after_the_end():
    """A portal that closes waits for nobody who comes later."""
    slept = []
    clock = Clock(lambda: 100.0, slept.append)
    clock.stop()
    clock.sleep(3)

    assert slept == []


def test_who_sleeps_wakes_when_it_is_turned():
    """An hour passes at once."""
    clock = Clock(lambda: 100.0)
    sleeper = threading.Thread(target=clock.sleep, args=(3600,))
    sleeper.start()
    clock.advance(3599)
    assert sleeper.is_alive()

    clock.advance(1)
    sleeper.join(5)
    assert not sleeper.is_alive()


def test_nobody_sleeps_past_the_end():
    """Not even who comes later."""
    clock = Clock(lambda: 100.0)
    sleeper = threading.Thread(target=clock.sleep, args=(3600,))
    sleeper.start()
    clock.stop()
    sleeper.join(5)
    clock.sleep(3600)

    assert not sleeper.is_alive()

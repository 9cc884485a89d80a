"""Two processes that do the same: the second hands over its half, and whatever becomes of it, the first has all of it."""

import os
import pickle
import signal
import threading
import time

import pytest

from nlib.core import aside
from nlib.core.errors import NlibError
from nlib.press import fork

pytestmark = pytest.mark.skipif(not fork.AVAILABLE, reason="fork finnes bare på Linux")


def ready():
    import numpy  # noqa: F401  a job's random state is set


def work(job) -> bytes:
    """A job's answer, with the process that it ran in."""
    return pickle.dumps((os.getpid(), job()))


def told(job, workers=2):
    """The process of one job alone, and its answer."""
    [(_, answer)] = fork.each([job], work, ready, workers)
    if isinstance(answer, NlibError):
        raise answer
    return pickle.loads(answer)


def pids(after_first=lambda: None):
    """The process that made each of three things."""
    with aside.shared():
        first = aside.handed("a", os.getpid)
        after_first()
        return [first, aside.handed("b", os.getpid), aside.handed("c", os.getpid)]


def much():
    with aside.shared():
        return [aside.handed(str(n), lambda n=n: bytes([n]) * 3_000_000) for n in range(3)]


def lost():
    return pids(lambda: aside.second() and os.kill(os.getpid(), signal.SIGKILL))


def hanging():
    aside.PATIENCE = 0.5
    return pids(lambda: aside.second() and time.sleep(60))


def raising():
    return pids(lambda: 1 / (not aside.second()))


def parted():
    """The second process has something else to make than the first."""
    with aside.shared():
        name = "annet" if aside.second() else "a"
        return [aside.handed(name, os.getpid), aside.handed("b", os.getpid)]


def failing():
    with aside.shared():
        aside.handed("a", lambda: 1 / 0)


def with_a_thread():
    threading.Thread(target=time.sleep, args=(5,), daemon=True).start()
    return pids()


def without_room():
    def fork():
        raise OSError("ikke plass til flere prosesser")

    os.fork = fork
    return pids()


def left_behind():
    """The second process is at work for long after the first has what it needs."""
    with aside.shared():
        pid = aside.handed("a", os.getpid)
        if aside.second():
            time.sleep(60)
    return pid


def forks_itself():
    with aside.shared():
        aside.handed("a", os.getpid)
        os.fork()


def test_half_is_made_by_another_process_where_a_core_is_free():
    first, makers = told(pids)
    assert len(set(makers)) == 1 and makers[0] != first


@pytest.mark.parametrize(("job", "workers"), [(pids, 1), (with_a_thread, 2), (without_room, 2)], ids=["cores", "threads", "room"])
def test_all_is_made_by_one_where_it_may_not_be_shared(job, workers):
    first, makers = told(job, workers)
    assert set(makers) == {first}


def test_only_the_last_of_many_jobs_has_a_core_to_spare():
    answers = [pickle.loads(answer) for _, answer in fork.each([pids] * 4, work, ready, 2)]
    assert sum(set(makers) != {first} for first, makers in answers) <= 1
    assert all(set(makers) == {first} for first, makers in answers[:2])


def test_much_is_handed_over_whole():
    assert told(much)[1] == [bytes([n]) * 3_000_000 for n in range(3)]


@pytest.mark.parametrize("job", [lost, hanging, raising], ids=lambda job: job.__name__)
def test_what_a_lost_process_has_not_handed_over_is_made_by_the_first(job):
    first, (a, b, c) = told(job)
    assert a != first and b == c == first


def test_what_is_not_the_same_is_made_by_the_first():
    first, makers = told(parted)
    assert set(makers) == {first}


def test_a_failure_is_met_by_the_first():
    with pytest.raises(NlibError, match="ZeroDivisionError"):
        told(failing)


def test_the_second_process_ends_with_the_work():
    first, second = told(left_behind)
    assert second != first
    deadline = time.monotonic() + 10
    while os.path.exists(f"/proc/{second}") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not os.path.exists(f"/proc/{second}")


def test_a_job_may_still_not_fork_by_itself():
    with pytest.raises(NlibError, match="har ikke lov"):
        told(forks_itself)

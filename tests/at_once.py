"""Acts let go at the same instant, each in a thread with a connection of its own."""

import threading
from collections.abc import Callable, Iterable, Sequence

from django.db import connection

WAIT = 120  # seconds; whoever takes longer is stuck, and has no answer


def race(jobs: Sequence[Callable[[], object]]) -> list[object]:
    """Run all jobs at the same instant; return each one's answer or exception, in their order."""
    barrier = threading.Barrier(len(jobs), timeout=60)
    answers: list[object] = [TimeoutError()] * len(jobs)

    def run(place: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            answers[place] = jobs[place]()
        except BaseException as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,), daemon=True) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    return answers


def faults(answers: Iterable[object]) -> list[BaseException]:
    """Keep the exceptions among the answers of a race."""
    return [answer for answer in answers if isinstance(answer, BaseException)]

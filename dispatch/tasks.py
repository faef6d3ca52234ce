"""Long work of the command centre, done by the job runner."""

from collections.abc import Callable
from typing import Any

from bureau import clock
from bureau.models import Job
from cases.models import Case
from dispatch import assigning

CHUNK = 100


def assign_cases(job: Job, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Assign the cases that the job names; those already assigned by a worker that was lost are not drawn again."""
    done = assigning.assign_in_chunks(
        job.arguments["cases"], size=CHUNK, at=clock.now, actor=job.owner, progress=progress
    )
    numbers = {case.pk: case.display_number for case in Case.objects.filter(pk__in=done.left)}
    left = [{"number": numbers[pk], "why": why} for pk, why in sorted(done.left.items())]
    return {"made": len(done.made), "left": left}

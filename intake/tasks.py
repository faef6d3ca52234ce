"""Long jobs of the windows."""

from collections.abc import Callable
from typing import Any

from bureau import clock
from bureau.models import Job
from intake.imports import services


def import_filings(job: Job, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Do the job kind `import_filings`: check a sheet of filings, and take it in unless it is a trial."""
    return services.work(job, progress, at=clock.now())

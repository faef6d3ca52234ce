"""One template for many cases in one job: each case its own document and number, one printable file at the end."""

import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter

from bureau.errors import Refused
from bureau.models import Job, User
from bureau.services import ask_job
from cases.models import Case
from documents import filling
from documents.facts import facts_of
from documents.models import Document, Template
from documents.services.content import content_path, store
from documents.services.issue import issue
from documents.services.printing import print_document
from documents.services.twice import standing

CASES_MAX = 500
KIND = "issue_documents"


def ask_several(
    cases: Sequence[Case], *, template: Template, values: Mapping[str, str], at: dt.datetime, actor: User
) -> Job:
    """Ask for one document in each of these cases; what is left empty is filled from each case."""
    if not actor.has_perm("documents.issue_document"):
        raise PermissionDenied
    if not cases:
        raise Refused(_("请先勾选案件"))
    if len(cases) > CASES_MAX:
        raise Refused(_("一次最多 %(count)d 件") % {"count": CASES_MAX})
    # The job's row is read by its owner only, but it is not encrypted: typed values stay short and impersonal there.
    given = {name: value for name, value in values.items() if value.strip()}
    return ask_job(KIND, at=at, actor=actor, template=template.pk, cases=[case.pk for case in cases], values=given)


def issue_several(job: Job, progress: Callable[[int, int], None], *, at: dt.datetime) -> dict[str, Any]:
    """Issue and print the document in each case of the job; a case that refuses is named with its reason.

    So is one that has a valid one for the same addressees, and one that its owner does not see (any more).

    Asked again after a lost worker, it goes on where it stood: a case has one document of the job.
    """
    actor = User.objects.get(pk=job.owner_id)
    template = Template.objects.get(pk=job.arguments["template"])
    ids: list[int] = job.arguments["cases"]
    done: list[Document] = []
    failed: list[dict[str, str]] = []
    for place, pk in enumerate(ids, start=1):
        case = Case.objects.visible_to(actor).select_related("number_court", "judge", "team").filter(pk=pk).first()
        try:
            done.append(_one(job, case, template, at=at, actor=actor))
        except (Refused, PermissionDenied) as refusal:
            number = case.display_number if case else _number_of(pk)
            failed.append({"case": number, "reason": str(refusal) or _("无权在本案签发")})
        progress(place, len(ids))
    unprinted = [document for document in done if not document.pdf_sha256]
    failed += [{"case": document.number, "reason": document.pdf_error} for document in unprinted]
    return {"issued": len(done), "failed": failed, **_merged([row for row in done if row.pdf_sha256])}


def _one(job: Job, case: Case | None, template: Template, *, at: dt.datetime, actor: User) -> Document:
    if case is None:
        raise Refused(_("不在您的职责范围内，未签发"))
    document = Document.objects.light().filter(job=job, case=case).first()
    if document is None:
        own = filling.proposed(template.spec, facts_of(case, on=timezone.localdate(at)))
        values = own | job.arguments["values"]
        if rows := standing(case, template, values):
            words = {"day": rows[0].issued_on, "title": rows[0].title}
            raise Refused(_("已于 %(day)s 向同一受送达人签发有效的%(title)s，未重复签发") % words)
        document = issue(case, template=template, values=values, job=job, at=at, actor=actor)
    return print_document(document, at=at, actor=actor)


def _number_of(pk: int) -> str:
    # Whoever ticked it knew its number; nothing else of it is said.
    return str(Case.objects.filter(pk=pk).values_list("number", flat=True).first() or pk)


def _merged(documents: Sequence[Document]) -> dict[str, Any]:
    if not documents:
        return {"pdf_sha256": "", "page_count": 0}
    writer = PdfWriter()
    for document in documents:
        writer.append(PdfReader(io.BytesIO(content_path(document.pdf_sha256).read_bytes())))
    out = io.BytesIO()
    writer.write(out)
    return {"pdf_sha256": store(out.getvalue()), "page_count": len(writer.pages)}

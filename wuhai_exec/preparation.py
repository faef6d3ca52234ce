"""After every migrate: roles into groups, grants to the database roles, reference rows of each room."""

from django.db import transaction

from accounts import services as accounts
from bureau import grants
from bureau import services as bureau
from dispatch import services as dispatch
from documents import services as documents
from intake import questiontemplates


def prepare(*, using: str) -> None:
    """Put everything in place that a migrated database needs before its first user; safe to repeat."""
    with transaction.atomic(using=using):
        bureau.sync_roles()
        documents.sync_templates()
        dispatch.sync_rules()
        questiontemplates.sync_questions()
        accounts.open_house_accounts()
        grants.apply(using=using)

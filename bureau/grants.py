"""What the app's and the portal's PostgreSQL roles may touch; applied after every migrate, to new tables too."""

from django.conf import settings
from django.db import connections
from psycopg import sql

# No UPDATE, DELETE or TRUNCATE for the app.
APPEND_ONLY = (
    "bureau_event",
    "accounts_transfer",
    "accounts_payoutpart",
    "accounts_bookscheck",
    "accounts_batchrow",
    "accounts_differencenote",
    "accounts_bankbalance",
    "accounts_oddityanswer",
    "accounts_paidbefore",
    "accounts_statement",
    "accounts_statementdebit",
    "accounts_paymentfile",
    "accounts_paymentfilerow",
    "accounts_statementrepeat",
    "accounts_distributionshare",
    "accounts_plandelivery",
    "cases_note",
    "cases_partychange",
    "cases_requery",
    "documents_template",
    "documents_sealuse",
    "assets_renewal",
    "dispatch_seedchain",
    "intake_filingsource",
    "intake_reissuetry",
    "supervision_stagerating",
    "supervision_nationalmapping",
    "supervision_nationalfile",
    "supervision_nationalrow",
    "supervision_nationalcomparison",
    "supervision_nationaldifference",
    "supervision_nationalexplanation",
    "portal_attempt",
)
# Kept by triggers.
KEPT_BY_DATABASE = {
    "bureau_chain": "SELECT",
    "accounts_account": "SELECT, INSERT",
    # A difference of a day only ends; a sheet stays.
    "accounts_daydifference": "SELECT, INSERT, UPDATE (ended_at)",
    "accounts_daysheet": "SELECT, INSERT, UPDATE",
    # Of an issued document only the PDF and the mark of what replaced it come later.
    "documents_document": "SELECT, INSERT, UPDATE (pdf_sha256, pdf_byte_count, page_count, pdf_error,"
    " voided_by_id, voided_at, void_reason)",
    # A claim is what was said, by whom; only its end comes later.
    "accounts_lineclaim": "SELECT, INSERT, UPDATE (state, checked_by_id, ended_at, answer_note, receipt_id)",
    # A line typed by hand, and an automatic match to undo: what one said stays; only what another found comes later.
    "accounts_lineentry": "SELECT, INSERT, UPDATE (state, checked_by_id, ended_at, reason, line_id)",
    "accounts_unmatch": "SELECT, INSERT, UPDATE (state, checked_by_id, ended_at, answer_note)",
    # What was said to a phone stays; only what became of it comes later.
    "portal_sms": "SELECT, INSERT, UPDATE (state, tries, serial, fault, ended_at)",
    # What the public said is emptied once it is handed on, never removed.
    "portal_submission": "SELECT, INSERT, UPDATE (state, body, taken_at, note)",
    # Who was on duty stays; only the end of a turn comes later.
    "dispatch_dutyturn": "SELECT, INSERT, UPDATE (ended_at, ended_by_id, end_reason)",
    # A first reception is voided, never removed; what was signed stays, and so do the questions by version.
    "intake_reception": "SELECT, INSERT, UPDATE",
    "intake_receptiontemplate": "SELECT, INSERT, UPDATE (state, answered_at, answered_by_id, answer_note)",
    "intake_laterquestion": "SELECT, INSERT, UPDATE (answer, answered_at, answered_by_id)",
    # A draw is committed to; only its seed comes later.
    "dispatch_draw": "SELECT, INSERT, UPDATE (seed)",
    # Views for the public: looked at, never written through.
    "portal_publicchain": "SELECT",
    "portal_publicdraw": "SELECT",
    "portal_publicplacing": "SELECT",
}
# The public process reads what was put out for it, logs tries, and drops submissions that it cannot read back.
PORTAL = {
    "portal_statuspage": "SELECT",
    "portal_person": "SELECT",
    "portal_debtpage": "SELECT",
    "portal_releasedcopy": "SELECT",
    "portal_phonecode": "SELECT",
    "portal_viewlink": "SELECT",
    "portal_publicchain": "SELECT",
    "portal_publicdraw": "SELECT",
    "portal_publicplacing": "SELECT",
    "portal_attempt": "SELECT, INSERT",
    "portal_submission": "INSERT",
}
PORTAL_SEQUENCES = ("portal_attempt_id_seq",)
# What it may ask one by one and never list; nobody else is let in (decision 0046).
PORTAL_FUNCTIONS = ("portal_paper(text)",)


def role_name(suffix: str, *, using: str = "default") -> str:
    """Return the role's name, which carries the database's."""
    return f"{connections[using].settings_dict['NAME']}_{suffix}"


def apply(*, using: str) -> None:
    """Make both roles where they are missing and give them exactly their rights; runs as the owner."""
    names = [role_name(suffix, using=using) for suffix in ("app", "portal")]
    app, portal = map(sql.Identifier, names)
    with connections[using].cursor() as cursor:
        # Roles are the server's, named after the database: two migrations at once queue here.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('wuhai_exec roles'))")
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [names])
        missing = set(names) - {name for (name,) in cursor.fetchall()}
        statements = [sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)) for name in sorted(missing)]
        statements += [sql.SQL("GRANT USAGE ON SCHEMA public TO {}, {}").format(app, portal)]
        statements += _app_grants(app) + _portal_grants(portal)
        for role, password in (
            (app, settings.APP_DATABASE_PASSWORD),
            (portal, settings.PORTAL_DATABASE_PASSWORD),
        ):
            if password:
                statements.append(sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, sql.Literal(password)))
        for statement in statements:
            cursor.execute(statement)


def _app_grants(app: sql.Identifier) -> list[sql.Composed]:
    grants = [
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(app),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(app),
        sql.SQL("REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}").format(app),
    ]
    for table in APPEND_ONLY:
        grants.append(sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(sql.Identifier(table), app))
    for table, rights in KEPT_BY_DATABASE.items():
        grants.append(sql.SQL("REVOKE ALL ON {} FROM {}").format(sql.Identifier(table), app))
        grants.append(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights), sql.Identifier(table), app))
    return grants


def _portal_grants(portal: sql.Identifier) -> list[sql.Composed]:
    grants = [sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(portal)]
    grants += [
        sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights), sql.Identifier(table), portal)
        for table, rights in PORTAL.items()
    ]
    grants += [
        sql.SQL("GRANT USAGE ON SEQUENCE {} TO {}").format(sql.Identifier(name), portal) for name in PORTAL_SEQUENCES
    ]
    grants += [sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(sql.SQL(name), portal) for name in PORTAL_FUNCTIONS]
    return grants

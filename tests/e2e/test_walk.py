"""Every page once at both widths as a role that may see it, and every desk."""

import pytest
from django.urls import reverse

from tests import matrix, walker, world

# Files and redirects are no pages to look at.
NOT_PAGES = {
    "next",
    "documents:open",
    "documents:scan_page",
    "accounts:payee_page",
    "accounts:batch_page",
    "documents:kept_page",
    "documents:pdf",
    "documents:several_pdf",
    "intake:reception_pdf",
    "intake:signature",
    "dispatch:draw_file",
    "dispatch:script",
    "intake:building_map",
}
# What a page must be asked for besides its thing; a judge may correct a basis, whatever stage the case is in.
ASKED = {"cases:correct": "?target=BASIS", "documents:compose": "?template=ENFORCEMENT_NOTICE"}
WHO = {"cases:correct": "JUDGE"}
PREFERRED = (
    "CHIEF",
    "FINANCE",
    "DISPATCHER",
    "WINDOW_CLERK",
    "JUDGE",
    "OFFICER",
    "ASSISTANT",
    "INSPECTOR",
    "PRESIDENT",
)


def _who(built, name):
    row = matrix.ROWS[name]
    role = WHO.get(name) or next((role for role in PREFERRED if role in row.roles), sorted(row.roles)[0])
    if role == "JUDGE" and row.thing:
        return built.things["case"].judge
    return built.user(role)


@pytest.mark.django_db(transaction=True)
def test_every_page_and_every_desk_at_both_widths(browser, live_server, settings):
    settings.CSRF_COOKIE_SECURE = settings.SESSION_COOKIE_SECURE = False
    built = world.build()
    walks = {}
    for name, row in matrix.ROWS.items():
        if row.is_post or matrix.is_api(name) or name in NOT_PAGES or name == "styleguide":
            continue
        address = reverse(name, args=[built.things[row.thing].pk] if row.thing else []) + ASKED.get(name, "")
        walks.setdefault(_who(built, name), {})[name] = address
    for role in matrix.ALL:
        walks.setdefault(built.user(role), {})["desk"] = reverse("desk")
    wide, narrow = walker.WIDTHS["wide"], walker.WIDTHS["narrow"]
    faults = walker.Walk(browser, live_server.url, wide, also=(narrow,)).pages({"login": "/login/"})
    for user, addresses in walks.items():
        faults += walker.Walk(browser, live_server.url, wide, user, also=(narrow,)).pages(addresses)
    assert not faults, "\n".join(faults)

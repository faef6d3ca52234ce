"""Browsers of the public process: its own addresses, no staff middleware, signed in as whoever is asked for."""

from django.core import signing
from django.test import Client, override_settings

from bureau import clock
from portal import services
from portal.lookup import Opened
from portal.models import Person, StatusPage
from portal.session import COOKIE
from wuhai_exec import portal_settings

PUBLIC = override_settings(
    ROOT_URLCONF="wuhai_exec.portal_urls",
    LOGIN_URL="/",
    TEMPLATES=portal_settings.TEMPLATES,
    CACHES=portal_settings.CACHES,
    MIDDLEWARE=[
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
)


def opened(case, who=""):
    """Return what a look-up of the case's projected page opens, for its first applicant unless another is named."""
    page = StatusPage.objects.get(case_id=case.pk)
    who = who or Person.objects.filter(case_id=case.pk).order_by("id").values_list("who", flat=True)[0]
    return Opened(page.pk, page.code_hmac, who)


def signed_in(opened, language="zh-hans"):
    """Return a browser that has looked the page up."""
    client = Client(headers={"accept-language": language})
    ticket = {"page": opened.page_id, "code": opened.code_hmac, "who": opened.who}
    client.cookies[COOKIE] = signing.dumps(ticket, salt=COOKIE)
    return client


def stand_on(monkeypatch, at):
    """Let the product's clock stand at that moment."""
    monkeypatch.setattr(clock, "now", lambda: at)
    monkeypatch.setattr(clock, "today", at.date)


def projected(case, at):
    """Return the page's content as of that moment."""
    services.project(at=at)
    return StatusPage.objects.get(case_id=case.pk).payload

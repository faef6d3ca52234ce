"""Settings of the staff system, read from the environment; an odd value stops the start."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from wuhai_exec import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))

DEBUG = env.flag("DEBUG", False)
# Demo and tests run without secrets of their own; check --deploy refuses the word "insecure".
SECRET_KEY = env.text("SECRET_KEY", "insecure-development-key-that-check-deploy-refuses-0123456789")
FIELD_KEYS = env.words("FIELD_KEYS", "aW5zZWN1cmUtZGV2ZWxvcG1lbnQtZmllbGQta2V5LTA=")
DIGEST_KEY = env.text("DIGEST_KEY", "insecure-development-digest-key")
# The only key the portal shares with the house: look-up codes and the case numbers they belong to.
CODE_KEY = env.text("CODE_KEY", "insecure-development-code-key")
# Passwords given to the app's and the portal's PostgreSQL roles after migrate; empty leaves them alone.
APP_DATABASE_PASSWORD = env.text("APP_DATABASE_PASSWORD", "")
PORTAL_DATABASE_PASSWORD = env.text("PORTAL_DATABASE_PASSWORD", "")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

# Seconds added to the real time by bureau.clock; the demo only.
CLOCK_OFFSET = env.number("CLOCK_OFFSET", 0)
# The demo shows its time, its logins and its bank simulator.
DEMO = env.flag("DEMO", False)

DATABASES = {
    "default": {
        **env.database("DATABASE_URL", "postgresql:///wuhai_exec"),
        "CONN_MAX_AGE": env.number("CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        # pgbouncer in transaction mode stands between in the served deployment.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
}
REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_fsm",
    "django_htmx",
    "csp",
    "axes",
    "bureau",
    "cases",
    "documents",
    "accounts",
    "assets",
    "dispatch",
    "intake",
    "supervision",
    "portal",
    "wuhai_exec",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "bureau.middleware.SessionLastsWhileUsed",
    "bureau.middleware.NothingStaysInTheBrowser",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "bureau.middleware.SentTwice",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "wuhai_exec.urls"
WSGI_APPLICATION = "wuhai_exec.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wuhai_exec.desks.page_frame",
            ],
            "builtins": ["bureau.templatetags.bureau"],
        },
    }
]

AUTH_USER_MODEL = "bureau.User"
LOGIN_URL = "bureau:login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "bureau:login"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_FAILURE_LIMIT = env.number("LOGIN_FAILURES_MAX", 5)
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "bureau/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

SESSION_COOKIE_AGE = env.number("SESSION_IDLE_SECONDS", 30 * 60)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
# TLS is on unless the demo or the tests say otherwise.
SECURE_TLS = env.flag("SECURE_TLS", True)
SECURE_SSL_REDIRECT = SECURE_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_TLS else None
SESSION_COOKIE_SECURE = SECURE_TLS
CSRF_COOKIE_SECURE = SECURE_TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_TLS
SECURE_HSTS_PRELOAD = SECURE_TLS
SECURE_REFERRER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", _("英文"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
FORMAT_MODULE_PATH = ["wuhai_exec.formats"]

STATIC_URL = "static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
# Scans are private: they are served by documents.views after a permission check, never from a media address.
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if env.flag("PLAIN_STATIC", False)
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = env.flag("PLAIN_STATIC", False)
# Then each file is looked up when it is asked for; a scan of all of them would cost every test client 20 ms.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PAGINATION_CLASS": "bureau.paging.Pages",
    "PAGE_SIZE": 50,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "COERCE_DECIMAL_TO_STRING": True,
    "EXCEPTION_HANDLER": "wuhai_exec.api.in_house_words",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "综合执行局 执行管理系统",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "StreamEnum": "cases.models.Case.Stream",
        "PartyKindEnum": "cases.models.Party.Kind",
        "ClaimKindEnum": "cases.models.Claim.Kind",
        "WorkResultEnum": "cases.models.WorkOrder.Result",
        "RelatedResultEnum": "cases.models.RelatedCase.Result",
        "SanctionRequestResultEnum": "cases.models.SanctionRequest.Result",
        "MaterialKindEnum": "documents.models.Material.Kind",
        "AssetKindEnum": "cases.controlcodes.AssetKind",
        "DocumentKindEnum": "documents.library.declared.Kind",
        "TemplateOriginEnum": "documents.models.Template.Origin",
        "CorrectionReasonEnum": "cases.models.Correction.Reason",
        "CorrectionStateEnum": "cases.models.Correction.State",
        "PartyChangeKindEnum": "cases.models.PartyChange.Kind",
        "PayoutPurposeEnum": "accounts.models.Payout.Purpose",
        "PayoutStateEnum": "accounts.models.Payout.State",
        "ApplicationStateEnum": "intake.models.Application.State",
        "ReceptionStateEnum": "intake.models.Reception.State",
        "ReceptionFlagEnum": "intake.models.Reception.Flag",
        "TicketStateEnum": "intake.models.Ticket.State",
        "JobStateEnum": "bureau.models.Job.State",
    },
}

# When a low room needs an answer from a high one it asks these; each is a dotted path.
CASE_CHECKS = [
    "dispatch.checks.case_objections",
    "documents.checks.case_objections",
    "accounts.checks.case_objections",
    "assets.checks.case_objections",
]
# Who keeps off a case: asked with `case, user` before a move of it, and before its work is taken.
CASE_RECUSALS = ["dispatch.checks.recusals"]
# Who is on duty, in whose name is queried and frozen what has no judge yet: `judge_on(day)` gives the judge or nobody.
DUTY_JUDGE = "dispatch.duties.judge_on"
# The papers that acts of a case may name (closings, suspensions, hand-overs): a function of the case that returns
# `cases.evidence.Paper` rows, oldest first (decision 0009).
CASE_EVIDENCE = ["documents.evidence.papers"]
# What comes with the answer of a work order: who keeps the uploads, and who knows them by order (cases/photos.py).
WORK_PHOTOS = "documents.services.receive_photos"
WORK_PAPERS = "documents.evidence.of_orders"
DESK_ITEMS = [
    "dispatch.desk.items",
    "dispatch.noticepages.items",
    "dispatch.dutypages.items",
    "cases.desk.items",
    "cases.desk_stages.items",
    "cases.sanctiondesk.items",
    "cases.desk_corrections.items",
    "cases.querydesk.items",
    "cases.askdesk.items",
    "documents.desk.items",
    "accounts.desk.items",
    "assets.desk.items",
    "intake.later.items",
    "intake.inquirydesk.items",
    "intake.desk.items",
    "supervision.desk.items",
]
# What falls due that a room counts itself, for the calendar (cases/dues.py).
CASE_DUES = ["accounts.dues.due"]
# The same for the pages of one case: `clock(case, user, today=)` yields `cases.dues.CaseDue` rows with the next act.
CASE_CLOCKS = ["accounts.dues.of_case"]
# What else lies on a colleague's desk and moves with it: `kept_by(user)` gives cases, each with the act that moves it.
TAKE_OVERS = ["assets.services.kept_by"]
# What stands on the page of a case for whoever opens it: `tips(case, user)`, each with title, text and address.
CASE_TIPS = ["dispatch.tips.of_case", "intake.later.of_case"]
# What codes of the rooms above the case file mean in its record: `WORDS`, by the detail's name and the code.
RECORD_WORDS = [f"{room}.recordwords.WORDS" for room in ("documents", "accounts", "dispatch", "intake")]
# Where else the case goes on, beside its title: `links(case, user)`, each with label and address.
CASE_LINKS = ["supervision.national.sight.links_of_case"]
# Where filings came from, for the command centre: `of_cases(case ids) -> {case id: a row with label, words, url}`.
FILING_SOURCES = "intake.filingsources.of_cases"
# What was said to all about a document template: `tips(code) -> {field name, or none for the whole: [text]}`.
FIELD_TIPS = ["dispatch.tips.of_template", "documents.bounds.tips"]
DOCUMENT_FIELDS = ["accounts.papers.document_fields"]
# What a room did on a value that is corrected: `uses(case, correction) -> list[cases.corrections.Use]`, red first.
CORRECTION_USES = [
    "cases.uses.uses",
    "documents.uses.uses",
    "accounts.uses.uses",
    "dispatch.uses.uses",
    "assets.uses.uses",
]
# What rooms above know that a triage rule may ask about: `facts(case ids) -> {case id: {name: value}}`.
TRIAGE_FACTS = ["assets.triagefacts.facts", "dispatch.leadfacts.facts"]
# What follows in the transaction that confirms it: `follow(correction, uses, *, at, actor)`.
CORRECTION_FOLLOWS = ["documents.services.reissues.follow"]
# What a long job does, by kind: a function of the job and of progress(done, total).
JOB_KINDS = {
    "verify_events": "bureau.chains.verify",
    "issue_documents": "documents.tasks.issue_documents",
    "reissue_documents": "documents.tasks.reissue_documents",
    "import_roster": "accounts.tasks.import_roster",
    "assign_cases": "dispatch.tasks.assign_cases",
    "try_table": "dispatch.tasks.try_table",
    "judge_anew": "dispatch.tasks.judge_anew",
    "import_statement": "accounts.tasks.import_statement",
    "import_filings": "intake.tasks.import_filings",
    "import_national": "supervision.tasks.import_national",
    "compare_national": "supervision.tasks.compare_national",
    "import_old_book": "intake.tasks.import_old_book",
}
# The longest term in years where the law leaves it to practice, by kind of property: PROVIDENT_FUND=1,SECURITIES=1.
CONTROL_YEARS = env.numbers("CONTROL_YEARS")
# Whether 之一, 之二 count for each kind of ruling; usually they run over all rulings of a case (local practice).
SUFFIX_PER_TEMPLATE = env.flag("SUFFIX_PER_TEMPLATE", False)
# How a judge is chosen among the least loaded: DRAW by the published seeds, LEAST without any chance (decision 0019).
ASSIGNMENT_MODE = env.one_of("ASSIGNMENT_MODE", ("DRAW", "LEAST"))
# The adapter to the bank; the simulator confirms what it is given, SimulatorByFile takes payment files alone.
BANK = env.text("BANK", "accounts.bank.Simulator")
# How long an order may be with the bank before it is named as delayed or without answer, in hours.
BANK_ANSWER_HOURS = env.number("BANK_ANSWER_HOURS", 24)
# The adapter that looks at every upload for malware; the default knows the EICAR test string alone.
SCANNER = env.text("SCANNER", "documents.scanning.TestStringOnly")
# The adapter to the electronic seals; the simulator signs with a key of its own and says so on the paper.
SEAL = env.text("SEAL", "documents.seal.Simulator")
# The adapter to the property network (网络查控), whom a query is fanned out to, and the seed of the simulator.
NETWORK_QUERY = env.text("NETWORK_QUERY", "cases.propertynetwork.Simulator")
NETWORK_SOURCES = env.words("NETWORK_SOURCES", "BANK,PAYMENT,VEHICLE,ESTATE,SECURITIES,EQUITY,INSURANCE,FUND")
NETWORK_SEED = env.text("NETWORK_SEED", "wuhai")
# The public address of the portal: where applicants look their case up and anybody verifies a paper; printed with its
# QR code on receipts and on every document, which have none when it is empty.
PORTAL_URL = env.text("PORTAL_URL", "")
# The adapter to the text message platform; the simulator takes everything and keeps nothing.
SMS = env.text("SMS", "portal.sms.Simulator")
# Holder and bank of the account into which case money is paid; printed beside its number where they are set.
ESCROW_HOLDER = env.text("ESCROW_HOLDER", "")
ESCROW_BANK = env.text("ESCROW_BANK", "")
# Its number, and the bank's in the clearing system, as payment files name them.
ESCROW_ACCOUNT = env.text("ESCROW_ACCOUNT", "")
ESCROW_BANK_CODE = env.text("ESCROW_BANK_CODE", "")
# How often a visitor is called before he may be skipped; within how many working days a query at the front of house is
# answered, and how far ahead the last day of one handed over may lie.
TICKET_CALLS = env.number("TICKET_CALLS", 3)
INQUIRY_WORKDAYS = env.number("INQUIRY_WORKDAYS", 1)
INQUIRY_HANDING_WORKDAYS = env.number("INQUIRY_HANDING_WORKDAYS", 3)
# Days to bring what was missing when a filing was accepted at once, told with the receipt (local practice).
SUPPLEMENT_DAYS = env.number("SUPPLEMENT_DAYS", 7)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "axes": {"level": "ERROR"},
        # Request lines carry no personal data, but error mails would; there are none.
        "django.request": {"level": "ERROR"},
    },
}

"""The public process with one address more: the bare view that its pages are compared with."""

from wuhai_exec.portal_settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.portal_urls"

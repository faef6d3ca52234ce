"""How the command centre prints loads."""

from typing import Any

from django import template

from dispatch import explaining
from dispatch.sections import sections_for

register = template.Library()


@register.filter
def points(value: int) -> str:
    """Print points as cases of the usual size: 100 are 1.00."""
    return explaining.points(value)


@register.inclusion_tag("dispatch/_sections.html", takes_context=True)
def sections(context: dict[str, Any]) -> dict[str, Any]:
    """Print the command centre's pages that the reader may open."""
    return {"sections": sections_for(context["request"])}

"""How the command centre prints loads."""

from django import template

from dispatch import explaining

register = template.Library()


@register.filter
def points(value: int) -> str:
    """Print points as cases of the usual size: 100 are 1.00."""
    return explaining.points(value)

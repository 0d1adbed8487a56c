"""`{% word 'landing.title' %}`: a text in the page's language; English where the view chose none."""

from django import template
from django.template.context import Context

from antiphon.web.words import LANGUAGES
from antiphon.web.words import word as word_in

register = template.Library()


@register.simple_tag(takes_context=True)
def word(context: Context, key: str) -> str:
    """The text of this key in `language`."""
    return word_in(context.get("language") or LANGUAGES[0], key)

"""`{% word 'landing.title' %}`: a text in the page's language, English where the view chose none.

`{% word 'gallery.lived' last=4 %}` fills it in.
"""

from django import template
from django.template.context import Context

from antiphon.web.words import LANGUAGES, Value
from antiphon.web.words import word as word_in

register = template.Library()


@register.simple_tag(takes_context=True)
def word(context: Context, key: str, **values: Value) -> str:
    """The text of this key in `language`, with `values` filled in."""
    return word_in(context.get("language") or LANGUAGES[0], key, **values)

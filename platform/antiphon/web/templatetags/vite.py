"""`{% vite 'src/room/main.ts' %}`: the script and styles of one entry of the built bundle."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from antiphon.web.bundle import BundleMissing, assets_of

register = template.Library()

NOT_BUILT = (
    "This page has no scripts and styles yet: the bundle has not been built. "
    "Run `make setup` (or `npm ci && npm run build` in frontend/), then reload."
)


@register.simple_tag
def vite(entry: str) -> SafeString:
    """Tags for the page's head; where the bundle is missing, a sentence that says what to do."""
    try:
        assets = assets_of(entry)
    except BundleMissing as missing:
        return format_html('<p role="alert">{} ({})</p>', NOT_BUILT, missing)
    fonts = format_html_join(
        "\n",
        '<link rel="preload" as="font" type="font/woff2" crossorigin href="{}">',
        ((font,) for font in assets.fonts),
    )
    styles = format_html_join("\n", '<link rel="stylesheet" href="{}">', ((style,) for style in assets.styles))
    preloads = format_html_join("\n", '<link rel="modulepreload" href="{}">', ((file,) for file in assets.preloads))
    script = format_html('<script type="module" src="{}"></script>', assets.script)
    return mark_safe("\n".join([fonts, styles, preloads, script]))  # noqa: S308  every part was escaped above

"""Links from a page to what may or may not be made: other pages of the municipality, and tables as CSV.

They are shown while what they lead to stands and hidden while it does not. A page is made with all of them shown.
"""

import re
from collections.abc import Callable

from nlib.press.render import template

LINK = re.compile(rb'<a (?:hidden data-)?href="((?:\.\./(?!index))?[\w.-]+\.html|[./]+/data/[\w./-]+\.csv)([#"])')


def leads_to(page: bytes) -> list[str]:
    """What a page has such links to, as the page sees it, shown or hidden."""
    return sorted({name.decode() for name, _ in LINK.findall(page)})


def settled(page: bytes, stands: Callable[[str], bool]) -> bytes:
    """The page with each such link shown where what it leads to stands, hidden where it does not; nothing else is changed."""

    def shown(found):
        return b'<a %shref="%s%s' % (b"" if stands(found[1].decode()) else b"hidden data-", found[1], found[2])

    return LINK.sub(shown, page)


def moved_html(to: str) -> str:
    """What lies at the address of a page that has moved: a link to where it is now, which is followed by itself."""
    return template("flyttet.html.j2").render(to=to)

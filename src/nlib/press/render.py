"""From a notebook that has run to a page: prose and figures only, one file, nothing from outside, checked."""

import base64
import functools
import hashlib
import html.parser
import importlib.resources
import itertools
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Collection, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
import rjsmin

from nlib import __version__
from nlib.charts.html import environment
from nlib.charts.shown import KIND, shown_html
from nlib.core.errors import NotebookFailed, PageRejected
from nlib.core.letters import faces
from nlib.core.municipalities import slug
from nlib.core.translations import _
from nlib.press.beside import with_links
from nlib.press.local import RESEARCH

if TYPE_CHECKING:
    import nbformat

LIMIT = 1_000_000  # bytes
MISSING, SHOWN = 'class="missing"', re.compile(r"<figure|<table")
TITLE = re.compile(r"\A# .*\n+")  # a notebook's own, where a page has one already
MARKS = {"..": ".. tallet finnes ikke", ":": ": vises ikke av hensyn til personvernet", ".": ". kan ikke forekomme"}
PLACEHOLDERS = {"", "bilde", "figur", "image", "graf", "no description has been provided for this image"}
FETCHING = ("src", "srcset", "poster", "data", "action", "formaction", "background", "ping", "xlink:href")
FOREIGN = {"iframe", "object", "embed", "base", "form", "link"}


def resource(name: str) -> str:
    return importlib.resources.files("nlib.press").joinpath(name).read_text(encoding="utf-8")


@functools.cache
def script(name: str) -> str:
    """A script as pages hold it: without remarks and room."""
    return rjsmin.jsmin(resource(name))


@functools.cache
def template(name: str) -> jinja2.Template:
    return environment().from_string(resource(name))


def fingerprint(text: str) -> str:
    """A style or script as a content security policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@functools.cache
def commit(root: Path) -> str:
    """The commit that the checkout is at, or «ukjent» outside one; `NLIB_COMMIT` tells it to a machine that has none."""
    if given := os.environ.get("NLIB_COMMIT"):
        return given
    if shutil.which("git") is None:
        return "ukjent"
    answer = subprocess.run(["git", "rev-parse", "--short=10", "HEAD"], cwd=root, capture_output=True, text=True)
    return answer.stdout.strip() or "ukjent"


def made_by() -> dict[str, str]:
    """The version and commit of nlib, as pages tell them."""
    return {"nlib_version": __version__, "commit": commit(Path(__file__).parent)}


def policy(css: str, script: str = "") -> str:
    """Nothing from anywhere, but the page's own style, its script where it has one, and pictures and letters it holds itself."""
    scripts = f" script-src {fingerprint(script)};" if script else ""
    letters = " font-src data:;" if "@font-face" in css else ""
    return f"default-src 'none'; img-src data:;{letters} style-src {fingerprint(css)};{scripts} base-uri 'none'; form-action 'none'"


_prose: dict[str, str] = {}  # as HTML, by its text: it is the same for every place


def know(prose: dict[str, str]) -> None:
    """Remember what this prose is as HTML, by its text."""
    _prose.update(prose)


def prose(text: str) -> str:
    """Markdown as HTML; it is written by people: a tag in it is shown as text."""
    if text not in _prose:
        from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

        _prose[text] = MarkdownWithMath(renderer=IPythonRenderer(escape=True, exclude_anchor_links=True)).render(text)
    return _prose[text]


def blocks(notebook: "nbformat.NotebookNode", code: Callable[[str], str] | None = None) -> list[str]:
    """What a page shows of a notebook, in order: its prose, figures, tables and HTML; code, text output and logs stay behind, and
    so does what is for researchers (`local.RESEARCH`).

    `code` makes HTML of a cell's code where that, the text it gives and what is for researchers are to be shown. What a
    page cannot show it says in its place. NotebookFailed where a cell failed or shows a bare picture.
    """
    shown, heading = [], ""
    for cell in notebook.cells:
        kept = code is not None or not RESEARCH.intersection(cell.metadata.get("tags", []))
        if cell.cell_type == "markdown" and kept:
            text = TITLE.sub("", _(cell.source))
            shown.append(prose(text))
            heading = [heading, *re.findall(r"^#+ (.*)$", text, re.MULTILINE)][-1]
        elif code and cell.source:
            shown.append(code(cell.source))
        for place, output in enumerate(cell.get("outputs", []), 1):
            if output.output_type == "error":
                raise NotebookFailed(f"Cellen {cell.id} feilet: {output.ename}: {output.evalue}")
            if kept:
                shown += _output(output, f"{cell.id}-{place}", heading, code is not None)
    return shown


def _output(output, name: str, heading: str, text_too: bool) -> list[str]:
    """What a page shows of one output, which it calls `name`, under a heading."""
    data = output.get("data", {})
    others = sorted(kind for kind in data if kind != "text/plain")
    if KIND in data:
        return [shown_html(data[KIND], f"celle-{name}", heading)]
    if "text/html" in data:
        return ["".join(data["text/html"])]
    if "text/markdown" in data:
        return [prose("".join(data["text/markdown"]))]
    if any(kind.startswith("image/") for kind in others):
        raise NotebookFailed(
            f"Cellen {name.rpartition('-')[0]} viser et bilde uten beskrivelse, kilde og tall: vis en Chart eller en figur i stedet"
        )
    if others:
        note = _("Her viser notatboken noe som bare kan ses i Jupyter ({kind}).", kind=others[0])
        return [f'<p class="note">{escape(note)}</p>']
    text = output.get("text") if output.get("name") == "stdout" else data.get("text/plain")
    return [f"<pre>{escape(text)}</pre>"] if text_too and text else []


def render(
    notebook: "nbformat.NotebookNode",
    *,
    title: str,
    municipality: str,
    edition_facts: dict,
    files: Collection[str] = (),
    topics: Sequence[tuple[str, str]] = (),
    beside: Sequence[tuple[str, str]] = (),
    index: str = "../index.html",
) -> str:
    """The page of one municipality, whole and checked, from a notebook as papermill ran it; see `page` and `blocks`.

    files: those of its figures that lie beside it, by name as it sees them. NotebookFailed where a cell failed.
    """
    parts = with_links(with_figures(blocks(notebook)), files)
    return page(parts, title=title, place=municipality, edition_facts=edition_facts, topics=topics, beside=beside, index=index)


def figureless(parts: list[str]) -> bool:
    """Whether what a page was to show is missing, all of it."""
    return MISSING in "".join(parts) and not any(map(SHOWN.search, parts))


def with_figures(parts: list[str]) -> list[str]:
    """The blocks without the prose of a part whose figures are all missing."""
    starts = [at for at, part in enumerate(parts) if part.startswith("<h2")]
    shown = list(parts)
    for start, end in itertools.pairwise([*starts, len(parts)]):
        inside = parts[start + 1 : end]
        if figureless(inside):
            shown[start] = parts[start].partition("</h2>")[0] + "</h2>"
    return shown


def page(
    parts: list[str],
    *,
    title: str,
    place: str,
    edition_facts: dict,
    index: str = "../index.html",
    topics: Sequence[tuple[str, str]] = (),
    beside: Sequence[tuple[str, str]] = (),
    style: str = "",
) -> str:
    """A page of these blocks of HTML, whole and checked.

    index: the index as the page sees it; topics: (text, address) of the other pages of the place, and beside: of what lies beside
    this one; style: more of it, after page.css.

    edition_facts: `edition`, `synthetic`, `figures_date`, `sources` (text, address, licence, updated), `nlib_version`, `commit`,
    `warnings`, `accepted` (one line for the end). PageRejected lists every rule broken.
    """
    when = edition_facts["figures_date"]
    foot = f"{place}: {title}. {when[:1].upper()}{when[1:]}" + (_(" – DEMODATA") if edition_facts["synthetic"] else "")
    letters = faces() if any("<text" in part for part in parts) else ""
    css = own_style(foot) + letters + style
    chooses = any('id="valg"' in part for part in parts)
    runs = script("rapport.js") * chooses + (script("valgt.js") + script("figur.js")) * bool(topics)
    answers = [at for at, part in enumerate(parts) if 'class="answer"' in part]
    if len(answers) > 1:  # on paper those after the first stand in columns
        parts = [*parts[: answers[1]], '<div class="columns">', *parts[answers[1] :], "</div>"]
    if topics:  # a file that is saved tells whose it is
        parts = [part.replace('download="', f'download="{slug(place)}-') for part in parts]
    shown = {mark for part in parts for mark in re.findall(r">(\.\.|:|\.)</t[dh]>", part)}
    return checked(
        "page.html.j2",
        css,
        runs,
        f"Siden «{title}» for {place}",
        title=title,
        place=place,
        index=index,
        facts=edition_facts,
        blocks=parts,
        beside=beside,
        topics=topics,
        carried=bool(topics) and not chooses,
        marks="; ".join(_(meaning) for mark, meaning in MARKS.items() if mark in shown),
    )


def checked(name: str, css: str, script: str, what: str = "Oversikten", **content) -> str:
    """A page of a template with its style and script; `PageRejected` lists every rule that it breaks. what: the page, in words."""
    page = template(name).render(css=css, script=script, policy=policy(css, script), **content)
    if faults := check_page(page, scripts=int(bool(script))):
        raise PageRejected(f"{what} bryter {len(faults)} regel(er):\n" + "\n".join(f"  - {fault}" for fault in faults))
    return page


def own_style(foot: str = "") -> str:
    """The style of every page, with what stands at the foot of each sheet of it."""
    texts = {"foot": foot, "sheet": _("Side"), "of": _("av")}
    return f":root {{ {' '.join(f'--{name}: {_css_text(text)};' for name, text in texts.items())} }}\n" + resource("page.css")


def _css_text(text):
    return '"' + re.sub(r"[^\w .,:–/()-]", lambda sign: f"\\{ord(sign[0]):x} ", text) + '"'


class _Reader(html.parser.HTMLParser):
    """Counts what the rules of a page are about."""

    def __init__(self):
        super().__init__()
        self.headings, self.faults, self.ids, self.links = [], [], [], []
        self.scripts = self.styles = self.policies = 0

    def handle_starttag(self, tag, pairs):
        attributes = dict(pairs)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "script" and attributes.get("type") != "application/json":
            self.scripts += 1
        if tag == "style":
            self.styles += 1
        if tag == "meta" and "http-equiv" in attributes:
            if attributes["http-equiv"] == "Content-Security-Policy":
                self.policies += 1
            else:
                self.faults.append(f"<meta http-equiv={attributes['http-equiv']}> hører ikke hjemme i en side")
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "a" and (href := attributes.get("href") or "").startswith("#"):
            self.links.append(href[1:])
        if tag == "svg" and attributes.get("role") not in ("img", "group"):
            self.faults.append("en tegning er verken et bilde med beskrivelse (role=img) eller en gruppe lenker (role=group)")
        if tag == "img" or (tag == "svg" and attributes.get("role") == "img"):
            self._picture((attributes.get("alt" if tag == "img" else "aria-label") or "").strip())
        for name in FETCHING:
            if name in attributes and not re.fullmatch(r"data:\S*", attributes[name] or ""):
                self.faults.append(f"<{tag} {name}> peker utenfor siden: {(attributes[name] or '')[:60]}")
        if (
            "href" in attributes
            and tag != "a"
            and not re.match(r"#|data:image/png;" if tag == "image" else "#", attributes["href"] or "")
        ):
            self.faults.append(f"<{tag} href> peker utenfor siden: {(attributes['href'] or '')[:60]}")
        if "style" in attributes:
            self.faults.append(f"<{tag}> har stil i seg; den hører hjemme i page.css")
        if tag in FOREIGN:
            self.faults.append(f"<{tag}> hører ikke hjemme i en side")
        if any(name.startswith("on") for name in attributes):
            self.faults.append(f"<{tag}> har en hendelse som kjører kode")
        if tag == "a" and not re.match(r"(https?:|data:text/csv|#|\.{0,2}/?[\w./-]+(#[\w-]+)?$)", attributes.get("href") or "#"):
            self.faults.append(f"en lenke har en adresse som ikke er lov: {attributes['href'][:60]}")

    def _picture(self, alt):
        if alt.casefold() in PLACEHOLDERS:
            self.faults.append("et bilde mangler beskrivelse (alt)")
        elif not re.search(r"\d", alt):
            self.faults.append(f"beskrivelsen av et bilde har ingen tall: {alt[:60]}")


def check_page(page: str, scripts: int = 0) -> list[str]:
    """The rules of a published page that this one breaks: size, outside addresses, headings, alt texts, links, policy."""
    reader = _Reader()
    reader.feed(page)
    faults = list(dict.fromkeys(reader.faults))
    if (size := len(page.encode())) >= LIMIT:
        faults.append(f"siden er {size} byte, grensen er {LIMIT}")
    if re.search(r"@import|url\((?!['\"]?(data:|#))", page):
        faults.append("stilen henter noe utenfra")
    if (count := reader.headings.count(1)) != 1:
        faults.append(f"siden har {count} overskrifter på øverste nivå, men skal ha én")
    if any(after - before > 1 for before, after in zip(reader.headings, reader.headings[1:], strict=False)):
        faults.append(f"overskriftene hopper over et nivå: {reader.headings}")
    if reader.scripts != scripts:
        faults.append(f"siden har {reader.scripts} skript, men skal ha {scripts}")
    if reader.styles != 1:
        faults.append(
            f"siden har {reader.styles} stilark, men skal ha ett (en bar DataFrame har med sitt eget: vis en Chart i stedet)"
        )
    if reader.policies != 1:
        faults.append("siden mangler regler for innhold (Content-Security-Policy)")
    if twice := {name for name in reader.ids if reader.ids.count(name) > 1}:
        faults.append(f"samme id står flere ganger: {', '.join(sorted(twice))}")
    if dead := sorted(set(reader.links) - set(reader.ids)):
        faults.append(f"lenker til det som ikke finnes på siden: {', '.join(dead)}")
    return faults

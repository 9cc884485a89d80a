"""An IPython shell inside this process that keeps what a notebook's cells show.

Nothing is started and nothing is sent: a kernel and its imports cost two to three seconds a notebook. What a notebook leaves behind
stays in the process, so `nlib.press.fork` gives each notebook a process of its own.
"""

import contextlib
import io
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat.notebooknode import NotebookNode
from traitlets.config import Config

PRINTED = 1_000_000  # characters that a cell's text is kept of


def new_output(kind: str, **content) -> NotebookNode:
    """An output as nbformat makes it; it is held against nbformat's grammar as the whole notebook is, when that is written."""
    return NotebookNode(output_type=kind, **content)


class _Shown(DisplayHook):
    """The value of a cell's last line becomes its result."""

    shell: Any

    def start_displayhook(self):
        self._result = new_output("execute_result", execution_count=self.shell.execution_count, data={}, metadata={})

    def write_output_prompt(self):
        pass

    def compute_format_data(self, result):
        return self.shell.display_formatter.format(result, exclude=() if self.shell.plain else ("text/plain",))

    def write_format_data(self, format_dict, md_dict=None):
        self._result.update(data=format_dict, metadata=md_dict or {})

    def finish_displayhook(self):
        if self._result.data:
            self.shell.outputs.append(self._result)


class _Published(DisplayPublisher):
    """What `display` is called with becomes an output."""

    shell: Any

    def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **others):
        self.shell.outputs.append(new_output("display_data", data=data, metadata=metadata or {}))


class _Text(io.TextIOBase):
    """Printed text, of which only the beginning is kept."""

    def __init__(self):
        self.kept, self.length = [], 0

    def writable(self):
        return True

    def write(self, text):
        if self.length < PRINTED:
            self.kept.append(text[: PRINTED - self.length])
        self.length += len(text)
        return len(text)

    def text(self) -> str:
        return "".join(self.kept) + (f"\n[… {self.length} tegn i alt]" if self.length > PRINTED else "")


class Shell(InteractiveShell):
    """IPython without terminal, kernel, history or threads: `run` gives what a cell shows as a notebook's outputs; `plain`: as
    plain text too, which a page has no use for."""

    plain = True

    def __init__(self, **options):
        quiet = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor", "cache_size": 0}})
        super().__init__(config=quiet, displayhook_class=_Shown, display_pub_class=_Published, **options)
        self.outputs = []

    def init_sys_modules(self):
        """The process keeps its own `__main__`: what a notebook defines is in its namespace only."""

    def _showtraceback(self, etype, evalue, stb):
        self.outputs.append(new_output("error", ename=etype.__name__, evalue=str(evalue), traceback=list(stb)))

    def run(self, source: str) -> list:
        """The outputs of one cell, in the order they came; printed text first."""
        self.outputs = []
        texts = {"stdout": _Text(), "stderr": _Text()}
        with contextlib.redirect_stdout(texts["stdout"]), contextlib.redirect_stderr(texts["stderr"]):
            self.run_cell(source, store_history=True)
        printed = [new_output("stream", name=name, text=text.text()) for name, text in texts.items() if text.length]
        return printed + self.outputs

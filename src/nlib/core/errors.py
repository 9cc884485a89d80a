"""The errors of nlib: one base, a handful of names, each message in bokmål and saying what to do.

Caught at the door (`nlib.cli.main`) and nowhere else; `exit_code` is what the door answers with.
"""

import re
import sys

UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """A text with what steers a terminal shown in place of done: a file's name may have colours, or erase what stands before it."""
    return UNSEEN.sub(lambda found: ascii(found[0])[1:-1], text)


def many(count: int, one: str, several: str) -> str:
    """How many of something, as a message tells it: «1 side», «3 sider»."""
    return f"{count} {one if count == 1 else several}"


def _as_it_was(kind: type["NlibError"], args: tuple, known: dict) -> "NlibError":
    error = kind.__new__(kind, *args)
    error.__dict__.update(known)
    return error


class NlibError(Exception):
    """Something failed that a user can do something about. Exit code 1.

    IPython and Jupyter show what to do, and the way there through the code when asked for it with %tb.
    """

    exit_code = 1

    def __str__(self) -> str:
        return printable(super().__str__())

    def __reduce__(self):
        """It goes from one process to another as it is, whatever it was made of."""
        return _as_it_was, (type(self), self.args, self.__dict__)

    def _render_traceback_(self) -> list[str]:
        """What IPython shows: the message while the error is on its way, the whole traceback afterwards."""
        if sys.exc_info()[1] is self:
            return [f"{type(self).__name__}: {self}", "", "Hvor i koden det skjedde: %tb"]
        from IPython import get_ipython

        return get_ipython().InteractiveTB.structured_traceback(type(self), self, self.__traceback__, tb_offset=1)


class WrongUse(NlibError):
    """The call cannot be carried out as it was given. Exit code 2."""

    exit_code = 2


class UnknownMunicipality(WrongUse):
    """No municipality answers to the number or name, or more than one does."""


class UnknownEdition(WrongUse):
    """There is no such edition in data/."""


class UnknownTable(WrongUse):
    """There is no such table, or it has not been built in this edition."""


class UnknownNotebook(WrongUse):
    """There is no such notebook, or it is not one that can be run with parameters."""


class WrongParameter(WrongUse):
    """A parameter that the notebook does not have, or of the wrong kind."""


class AlreadyRunning(NlibError):
    """Another run has the folders."""


class SourceUnavailable(NlibError):
    """The producer does not answer, or answers with errors after all retries."""


class SourceChanged(NlibError):
    """The producer's table is not what the declaration says: gone, other variables, other codes."""


class BadAnswer(NlibError):
    """An answer or a file that is not what it should be: HTML for JSON, cut off, the wrong number of values."""


class SourcesLost(NlibError):
    """Sources that an edition cannot do without did not come. `faults` names each, with why."""

    def __init__(self, faults):
        self.faults = dict(faults)
        lines = "\n".join(f"  - {name}: {why}" for name, why in self.faults.items())
        super().__init__(f"{many(len(self.faults), 'kilde', 'kilder')} ble ikke hentet:\n{lines}")


class RawFileMissing(NlibError):
    """A raw file that a table is built from is not in the edition."""


class RawFileChanged(NlibError):
    """A raw file is not, byte for byte, what its manifest says was fetched."""


class FilesDisagree(NlibError):
    """Two files that came by hand tell the same thing differently."""

    def __init__(self, file, earlier, key):
        row = ", ".join(f"{column} {value}" for column, value in key.items())
        super().__init__(
            f"{earlier} og {file} sier ikke det samme om {row}. Velg én av dem, og ta ut den andre med nlib import --forget FIL"
        )


class InvalidTable(NlibError):
    """A table breaks its contract. `faults` lists every breach at once."""

    def __init__(self, table, faults):
        self.table, self.faults = table, list(faults)
        lines = "\n".join(f"  - {fault}" for fault in self.faults)
        super().__init__(f"Tabellen {table} har {len(self.faults)} feil:\n{lines}")


class CheckFailed(NlibError):
    """Tables that keep their contracts but break rules between them. `breaches` lists every one."""

    def __init__(self, breaches):
        self.breaches = list(breaches)
        lines = "\n".join(f"  - {breach}" for breach in self.breaches)
        super().__init__(
            f"Kontrollen fant {len(self.breaches)} brudd, så tabellene er ikke tatt i bruk:\n{lines}\n"
            "Rett kilden, eller godta regelen med nlib build --accept REGEL (det sies på alle sidene)."
        )


class ClusterUnavailable(NlibError):
    """The cluster's scheduler does not answer, has no workers, or has gone away."""


class DifferentVersions(NlibError):
    """A machine of the cluster has other code or packages than this one, and could make other pages."""


class NotebookFailed(NlibError):
    """A cell of a notebook failed, or the notebook cannot be run as a report."""


class PageRejected(NlibError):
    """A page that would break the rules of a published page (size, outside addresses, alt text)."""

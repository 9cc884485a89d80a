"""SQL over the tables of an edition and one's own frames, by DuckDB; reads only, and the columns keep what they mean."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing

import pandas as pd

from nlib.build import pipeline
from nlib.core import store
from nlib.core.errors import UnknownTable, WrongUse
from nlib.core.meant import near, question
from nlib.desk.asking import checked

SHOW = re.compile(r"\s*show\s+(all\s+)?tables\s*;?\s*", re.IGNORECASE)  # of an edition, whose tables are read where they are named


@checked
def sql(query: str, edition: str = "", **mine: pd.DataFrame) -> pd.DataFrame:
    """The answer to a SELECT over the tables of an edition and one's own frames, by DuckDB.

    >>> import pandas as pd
    >>> budget = pd.DataFrame({"komm_nr": ["3222"], "places": [400]})
    >>> answer = nlib.sql("select name, places from municipalities join mine using (komm_nr)", mine=budget)
    >>> answer.values.tolist(), answer.attrs["columns"]["name"]["meaning"]
    ([['Lørenskog', 400]], 'Kommunenavn, slik KLASS skriver det')

    Each frame has the name it is given by. Reads only: one statement, no files or network, nothing is kept. Counts with missing
    cells come as float64. `.attrs["columns"]` holds what the columns mean that the answer takes as they are, `.attrs["source"]`
    whose the figures are. `WrongUse` says what DuckDB did not understand.
    """
    import duckdb

    chosen = store.edition(edition or None)
    known = chosen.processed_manifest().get("tables", {}).keys()
    for name in mine:
        if name.casefold() in known:
            raise WrongUse(f"Utgaven har en tabell som heter {name}: gi din egen et annet navn")
    if SHOW.fullmatch(query):
        return pd.DataFrame({"name": sorted([*known, *mine])})
    tables = {name: chosen.kept(name) for name in set(re.findall(r"\w+", query.casefold())) & known}
    with closing(duckdb.connect(config={"enable_external_access": False, "lock_configuration": True})) as connection:
        try:
            statements = connection.extract_statements(query)
            if [s.type for s in statements] not in ([duckdb.StatementType.SELECT], [duckdb.StatementType.EXPLAIN]):
                raise WrongUse("nlib.sql tar én spørring som leser (SELECT); utgavens tabeller kan ikke endres herfra")
            for name, frame in (tables | mine).items():
                connection.register(name, frame)
            answer = connection.execute(statements[0]).df()
            (tree,) = connection.execute("select json_serialize_sql(?)", [query]).fetchone() or ("{}",)
        except duckdb.Error as error:
            if lacking := re.search(r"Table with name (\w+) does not exist", str(error)):
                if own := near(lacking[1], mine):
                    raise UnknownTable(f"Ingen tabell heter «{lacking[1]}». {question(own)}") from error
                pipeline.dataset(lacking[1])  # tells which was meant
            raise WrongUse(f"Spørringen kan ikke kjøres: {_fault(error)}. DuckDB sier: {error}") from error
    nodes = list(_nodes(json.loads(tree)))
    read = {node["table_name"].casefold() for node in nodes if node.get("type") == "BASE_TABLE"}
    abouts = [_about(chosen, name) for name in sorted(read & tables.keys())]
    abouts += [frame.attrs for name, frame in mine.items() if name.casefold() in read]
    answer.attrs = {"edition": chosen.name} | _kept(answer, nodes, abouts)
    return answer


def _about(edition: store.Edition, name: str) -> dict:
    """What an answer is to keep of a table."""
    columns = pipeline.dataset(name).columns().set_index("column")[["unit", "meaning"]].to_dict("index")
    return {"columns": columns, "source": pipeline.sources_text(edition, name), "synthetic": edition.invented(name).any}


def _kept(answer: pd.DataFrame, nodes: Sequence[Mapping], abouts: Sequence[Mapping]) -> dict:
    """The meaning of the columns that stand in the answer as they stood in a table, and the sources of all.

    A name that the query gives to something it works out, or that two tables use for two things, has no meaning here.
    """
    meant: dict[str, dict] = {}
    odd = set()
    for about in abouts:
        for column, means in about.get("columns", {}).items():
            if meant.setdefault(column, means) != means:
                odd.add(column)
    made: set[str] = set()
    renamed: dict[str, str] = {}
    for name, column in (given for node in nodes for given in _given(node)):
        if column is None or renamed.setdefault(name, column) != column:
            made.add(name)
    names = {name: renamed.get(name, name) for name in answer if name not in made}
    sources = dict.fromkeys(part for about in abouts for part in about.get("source", "").split("; ") if part)
    kept = {"columns": {name: dict(meant[of]) for name, of in names.items() if of in meant and of not in odd}}
    return kept | {"source": "; ".join(sources), "synthetic": any(about.get("synthetic") for about in abouts)}


def _given(node: Mapping) -> Iterator[tuple[str, str | None]]:
    """The names that a part of a query gives, each with the column it gives it to; None where that is something else."""
    if node.get("alias") and "class" in node:
        yield node["alias"], node["column_names"][-1] if node["class"] == "COLUMN_REF" else None
    for names in (node.get("aliases"), node.get("column_name_alias")):
        yield from ((name, None) for name in names or ())


def _nodes(part) -> Iterator[Mapping]:
    """Every part of a query that DuckDB has taken apart."""
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _nodes(inner)


def _fault(error: Exception) -> str:
    """What kind of fault DuckDB found."""
    kinds = {
        "ParserException": "SQL-en er skrevet feil",
        "BinderException": "en kolonne finnes ikke eller passer ikke (se nlib.describe)",
        "CatalogException": "en tabell eller funksjon finnes ikke (se nlib.tables)",
        "PermissionException": "filer og nett er stengt herfra",
        "ConversionException": "en verdi kan ikke gjøres om til typen det er bedt om",
    }
    return kinds.get(type(error).__name__, "den lar seg ikke regne ut")

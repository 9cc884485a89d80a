"""Labour-market areas: the municipalities between which most people commute, by two methods.

Travel-to-work areas: M. Coombes and S. Bond, Travel-to-Work Areas: the 2007 review (Office for National Statistics, 2008),
with the thresholds that ONS uses. Beside them, to show how far the areas hang on the method, Leiden communities: V. A. Traag,
L. Waltman and N. J. van Eck, From Louvain to Leiden, Scientific Reports 9 (2019).
"""

from itertools import pairwise

import numpy as np
import pandas as pd

from nlib.core.tables import KOMM_NR, OWN_YEAR, Placed, column, measure

MIN_WORKERS, TARGET_WORKERS = 3500, 25_000
MIN_CONTAINMENT, TARGET_CONTAINMENT = 66.7, 75.0


class LabourMarketAreas(Placed):
    year: int = column("År; strømmene gjelder 4. kvartal", ge=1986, le=2100)
    area: str = column("Arbeidsmarkedsområde: nummeret til kommunen der med flest arbeidsplasser", str_matches=KOMM_NR)
    area_name: str = column("Navnet på den kommunen")
    community: str = column("Leiden-gruppe, til sammenligning: kommunen der med flest arbeidsplasser", str_matches=KOMM_NR)


def validity(
    workers,
    containment,
    min_workers: float = MIN_WORKERS,
    target_workers: float = TARGET_WORKERS,
    min_containment: float = MIN_CONTAINMENT,
    target_containment: float = TARGET_CONTAINMENT,
):
    """How well an area holds as a labour market: 1 or more is enough, by size and self-containment traded off linearly.

    workers: employed residents, persons; containment: the smaller of the share of the residents who work there and the share of
    the jobs that residents hold, percent; numbers or arrays. An area of the least size needs the target containment, one of the
    target size needs only the least. Rounded, so that one on the line holds. Source: Coombes and Bond (2008), over its threshold.
    """
    least = min_containment / target_containment
    short = np.maximum((target_workers - workers) / (target_workers - min_workers), 0)
    return np.round((1 - (1 - least) * short) * np.minimum(containment, target_containment) / min_containment, 12)


def travel_to_work_areas(flows: pd.DataFrame, **thresholds: float) -> pd.Series:
    """The travel-to-work area of each municipality: the number of the member with most jobs, indexed by `komm_nr`.

    flows: `home_nr`, `work_nr`, `employed` of one year, persons; an unknown (missing) flow ties nobody together. Every municipality
    starts on its own. The area with the lowest `validity` is dissolved: each of its members joins the area it is most strongly
    linked to, one that is tied to none of them follows those that left. So there is one area less each time, until all are
    valid; an area that no flow ties to another stays as it is (the table of figures says so). Ties go to the lower number.
    thresholds: those of `validity`, by name.
    """
    places, flow = _matrix(flows)
    residents, jobs = flow.sum(axis=1), flow.sum(axis=0)
    label = np.arange(len(places))  # an area goes by the position of its first member
    closed = np.zeros(len(places), dtype=bool)
    while True:
        areas, place = np.unique(label, return_inverse=True)
        within = (flow * (label[:, None] == label)).sum(axis=1)
        inside, workers, filled = (np.bincount(place, weights) for weights in (within, residents, jobs))
        containment = 100 * _ratio(inside, np.maximum(workers, filled))
        score = np.where(closed[areas], np.inf, validity(workers, containment, **thresholds))
        if score.min(initial=np.inf) >= 1:
            return _named(places, label, jobs)
        members = np.flatnonzero(place == score.argmin())
        others = np.delete(areas, score.argmin())
        while members.size:
            ties = _linkage(flow, members, label[:, None] == others)
            moved = ties.max(axis=1, initial=0) > 0
            if not moved.any():
                closed[members] = True
                break
            label[members[moved]] = others[ties[moved].argmax(axis=1)]
            members = members[~moved]
        _, first, place = np.unique(label, return_index=True, return_inverse=True)
        label = first[place]


def leiden_communities(flows: pd.DataFrame, seed: int = 1) -> pd.Series:
    """The Leiden community of each municipality: the number of the member with most jobs, indexed by `komm_nr`.

    Modularity (resolution 1) on an undirected graph whose ties are the same linkage as in `travel_to_work_areas`; nothing is asked
    of size or self-containment, and modularity favours larger groups. The same flows and seed give the same communities.
    flows: as in `travel_to_work_areas`; a municipality without ties is a community of its own.
    """
    import igraph  # takes time to load, and who asks what tables there are has no use for it
    import leidenalg

    places, flow = _matrix(flows)
    ends = np.triu_indices(len(places), k=1)
    ties = _linkage(flow, np.arange(len(places)), np.eye(len(places)))[ends]
    edges = np.column_stack(ends)[ties > 0]
    graph = igraph.Graph(len(places), edges.tolist())
    found = leidenalg.find_partition(
        graph, leidenalg.ModularityVertexPartition, weights=ties[ties > 0].tolist(), n_iterations=-1, seed=seed
    )
    return _named(places, np.array(found.membership, dtype=int), flow.sum(axis=0))


def adjusted_rand_index(one: pd.Series, other: pd.Series) -> float:
    """How far two divisions of the same places agree: 1 for the same division, 0 for what chance gives.

    Pairs of places that are together in both, less what is expected of divisions of these sizes drawn at random, over the most
    there could be. Series indexed by place; places that only one has are left out. Source: L. Hubert and P. Arabie, Comparing
    partitions, Journal of Classification 2 (1985).
    """
    import igraph  # as above

    one, other = one.align(other, join="inner")
    if len(one) < 2:
        return 1.0
    index = igraph.compare_communities(*(pd.factorize(division)[0].tolist() for division in (one, other)), method="adjusted_rand")
    return 1.0 if np.isnan(index) else index  # there is nothing to divide


def agreement(areas: pd.DataFrame) -> pd.DataFrame:
    """How firm the areas are: the adjusted Rand index between the two methods, and of each with the year before in the table.

    areas: the table `labour_market_areas`. Returns a row a year: `year`, `areas` and `communities` (how many), `methods` (index
    between them), `previous` (the year before), `areas_since`, `communities_since` (indexes, missing in the first year).
    """
    by_year = {year: rows.set_index("komm_nr") for year, rows in areas.groupby("year")}
    counts = areas.groupby("year")[["area", "community"]].nunique().set_axis(["areas", "communities"], axis=1)
    indexes = [adjusted_rand_index(rows["area"], rows["community"]) for rows in by_year.values()]
    counts["methods"] = pd.Series(indexes, counts.index, dtype=float)
    counts["previous"] = pd.Series(counts.index, counts.index, dtype="Int64").shift()
    for one, since in (("area", "areas_since"), ("community", "communities_since")):
        changes = {year: adjusted_rand_index(by_year[before][one], by_year[year][one]) for before, year in pairwise(by_year)}
        counts[since] = pd.Series(changes, dtype=float)
    return counts.reset_index()


def build(commuting_flows: pd.DataFrame, municipality_codes: pd.DataFrame) -> pd.DataFrame:
    """The labour-market area of every municipality of today in each year there are flows for, and its Leiden community.

    Flows to and from numbers that are not municipalities are left out; a municipality without flows is an area of its own.
    """
    names = municipality_codes[municipality_codes["valid_to"].isna()].set_index("komm_nr")["name"].drop("9999", errors="ignore")
    known = commuting_flows[commuting_flows["home_nr"].isin(names.index) & commuting_flows["work_nr"].isin(names.index)]
    own = pd.Series(names.index, index=names.index)
    years = [
        pd.DataFrame({"area": travel_to_work_areas(flows), "community": leiden_communities(flows)})
        .reindex(names.index)
        .apply(lambda areas: areas.fillna(own))
        .assign(year=year)
        for year, flows in known.groupby("year")
    ]
    table = pd.concat(years).rename_axis("komm_nr").reset_index()
    return table.assign(area_name=table["area"].map(names))


def _matrix(flows):
    """The places in order, and persons from each (row) to each (column)."""
    places, at = np.unique(np.concatenate([flows["home_nr"], flows["work_nr"]]).astype(str), return_inverse=True)
    flow = np.zeros((len(places), len(places)))
    np.add.at(flow, (at[: len(flows)], at[len(flows) :]), flows["employed"].fillna(0).to_numpy(float))
    return places, flow


def _linkage(flow, members, groups):
    """T_ij^2 / (R_i J_j) + T_ji^2 / (R_j J_i) between each member i and each group j (a column of `groups`)."""
    residents, jobs = flow.sum(axis=1), flow.sum(axis=0)
    out, into = flow[members] @ groups, flow[:, members].T @ groups
    return _ratio(out**2, np.outer(residents[members], jobs @ groups)) + _ratio(
        into**2, np.outer(jobs[members], residents @ groups)
    )


def _ratio(part, whole):
    """part / whole, 0 where there is nothing to share."""
    return np.divide(part, whole, out=np.zeros(np.broadcast_shapes(part.shape, whole.shape)), where=whole > 0)


def _named(places, label, jobs):
    """Each place's group, by the number of the member with most jobs, the lowest number where several have."""
    frame = pd.DataFrame({"label": label, "jobs": jobs}, index=pd.Index(places, name="komm_nr", dtype="str"))
    largest = frame.groupby("label")["jobs"].idxmax()
    return frame["label"].map(largest).astype("str").rename("area")


DATASET = measure("Arbeidsmarkedsområder", LabourMarketAreas, build, moment="4. kvartal", rests={"commuting_flows": OWN_YEAR})

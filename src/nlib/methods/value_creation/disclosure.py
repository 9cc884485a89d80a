"""Which sums of firms' figures may not be shown, and which others must go with them so that none can be worked out.

A sum gives a firm away where fewer than three firms stand behind it, where one has more than 85 % of it or of the firms' sizes
together, or where the firm with the second most can work out the largest within 10 % by taking its own away (the p % rule). Sizes
are without regard to sign, and where losses make the others come to nothing, so that the sum is the largest firm's own, it gives it
away too.
What a firm has of employees is public in Enhetsregisteret and is not hidden; nor are counts of firms.
Source: Hundepool et al. (2012), Statistical Disclosure Control, chapter 4 (primary rules, suppression in tables with margins).
"""

import random
from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import pandas as pd

LEAST = 3  # firms behind a sum that is shown
DOMINANT = 0.85  # of the sum may be one firm's, and not more
P = 0.10  # of the largest firm: what the others but the second must at least be
ALL = "*"  # the place or the industry of a margin
NOWHERE = "?"  # the place of firms that cannot be placed, and the industry of those without: in no table
RANGE = 1 << 60  # of the random numbers that stand for what hidden cells may be

Cell = tuple[str, str]  # place and industry, each may be ALL
Line = tuple[str, ...]  # "place" or "industry", and which; of an industry in a county, both


def gives_away(values: Iterable[float]) -> bool:
    """Whether a sum of these figures, one a firm, would tell what the largest firm has.

    >>> gives_away([5, 4]), gives_away([90, 5, 5]), gives_away([50, 48, 2]), gives_away([50, 30, 20])
    (True, True, True, False)
    >>> gives_away([50, 30, 20, -19])  # the second takes its 30 from 81
    True
    """
    each = np.asarray(list(values), dtype=float)
    if len(each) < LEAST:
        return True
    each = each[np.argsort(-np.abs(each), kind="stable")]
    sizes = np.abs(each)
    shown = abs(each.sum())  # where losses leave less than the largest has, its share of it says nothing
    if sizes[0] > DOMINANT * (shown if sizes[0] <= shown else sizes.sum()) or sizes[2:].sum() < P * sizes[0]:
        return True
    return bool(min(abs(each[1:].sum()), abs(each[2:].sum())) < P * sizes[0])


def hidden(firms: pd.DataFrame, nation: bool) -> dict[Cell, str]:
    """The cells and margins of one year's table of places by industries that are not shown, with why: «primary», «complementary».

    firms: `orgnr`, `komm_nr`, `industry`, `value` (none missing); rows without a place or an industry count in the margins only.
    nation: whether the sums over places are shown. A cell is (place, industry); ALL stands for the margin, so (place, ALL) is the
    total of a place, (ALL, industry) the nation's of an industry and (ALL, ALL) the nation's. A place whose total is not shown has
    no cells. In every line with a shown margin the hidden cells together pass the rules themselves, no hidden cell, and no sum of
    two that would give a firm away, follows from what is shown; the smallest further cells are hidden until it is so.

    A place may be several municipalities put together: then each has its number in `member_nr`, hiding is decided of them, as it
    is where they stand alone, and a cell of a region is shown only where it follows from theirs, the counties' and the nation's
    (`_Table.sums`). So whatever regions somebody makes, and takes from each other, they tell nothing that was hidden.

    >>> firms = pd.DataFrame({"orgnr": list("abcdefgh"), "komm_nr": "3222", "industry": ["bygg"] * 4 + ["olje"] + ["it"] * 3})
    >>> hidden(firms.assign(value=[9.0, 9, 9, 9, 9, 5, 5, 5]), nation=False)[("3222", "olje")]
    'primary'
    """
    members = firms["member_nr"] if "member_nr" in firms else firms["komm_nr"]
    table = _Table(firms.assign(komm_nr=members), nation)
    while table.protect_lines() or table.protect_paths():
        pass
    places = firms.assign(member_nr=members).dropna(subset=["komm_nr"])[["komm_nr", "member_nr"]].drop_duplicates()
    if not places["komm_nr"].duplicated().any():
        return table.hidden
    return table.put_together(places.groupby("komm_nr")["member_nr"].agg(set).to_dict())


class _Table:
    """One year's sums of firms with margins, and which of them are hidden."""

    def __init__(self, firms: pd.DataFrame, nation: bool):
        listed = firms.assign(komm_nr=firms["komm_nr"].fillna(NOWHERE), industry=firms["industry"].fillna(NOWHERE))
        numbers = pd.factorize(listed["orgnr"])[0]
        at = defaultdict(list)
        for place, industry, number, value in zip(listed["komm_nr"], listed["industry"], numbers, listed["value"], strict=True):
            for cell in ((place, industry), (place, ALL), (ALL, industry), (ALL, ALL)):
                at[cell].append((number, value))
        self.firms = {cell: _each(of) for cell, of in at.items()}
        self.size = {cell: abs(sum(of.values())) for cell, of in self.firms.items()}
        self.lines: dict[Line, list[Cell]] = defaultdict(list)
        self.order = sorted(self.firms, key=lambda cell: (cell.count(ALL), self.size[cell], cell))  # margins last
        for cell in self.order:
            self.lines["place", cell[0]].append(cell)
            self.lines["industry", cell[1]].append(cell)
        self.nation = nation
        self.hidden: dict[Cell, str] = {}
        self.shown: set[Cell] = set()  # sums of counties, by county and industry, that are shown though a member's cell is hidden
        self.random = random.Random(1)
        for cell, of in self.firms.items():
            if (cell[0] == ALL and not nation) or gives_away(of.values()):  # sums of nowhere are shown by none, and taken as known
                self.hide(cell, "primary")

    def hide(self, cell: Cell, why: str) -> None:
        """Hides a cell, and with a place's total all its cells."""
        place, industry = cell
        for one in self.lines["place", place] if industry == ALL and place != ALL else [cell]:
            self.hidden.setdefault(one, why)

    def together(self, cells: Iterable[Cell]) -> bool:
        """Whether the sum of these cells gives a firm away."""
        sums: dict[int, float] = defaultdict(float)
        for cell in cells:
            for number, value in self.firms[cell].items():
                sums[number] += value
        return gives_away(sums.values())

    def hide_more(self, line: Line) -> bool:
        """Hides the smallest shown cell of a line; its margin comes last. False where all is hidden."""
        more = next((cell for cell in self.lines[line] if cell not in self.hidden), None)
        if more is not None:
            self.hide(more, "complementary")
        return more is not None

    def protect_lines(self) -> bool:
        """Hides more in lines whose hidden cells together, the margin less what is shown, give a firm away; True if any."""
        changed = False
        for line in self.lines:
            margin = (line[1], ALL) if line[0] == "place" else (ALL, line[1])
            while margin not in self.hidden:
                inside = [cell for cell in self.lines[line] if cell != margin and cell in self.hidden]
                if not inside or not self.together(inside):
                    break
                changed = self.hide_more(line)
        return changed

    def protect_paths(self) -> bool:
        """Hides more where a hidden cell follows from several lines, alone or two together that give a firm away; True if any."""
        by = defaultdict(list)
        for cell, change in sorted(self.freedom().items()):
            if self.nation or cell[0] != ALL:  # else it is not there, and what it is tells no more than the cells that are
                by[change].append(cell)
        cuts = [[cell] for cell in by[0]]
        pairs = ((one, other) for change in by if change > 0 for one in by[change] for other in by.get(-change, ()))
        cuts += [[one, other] for one, other in pairs if self.together([one, other])]
        return sum(self.join(cut) for cut in cuts) > 0

    def join(self, cut: list[Cell]) -> bool:
        """Hides the smallest cell that joins the two sides of a cut of the hidden cells; False if they are joined without it."""
        row, column = ("place", cut[0][0]), ("industry", cut[0][1])
        side = self.reached(row, cut)
        if column in side:
            return False
        other = self.reached(column, cut)
        across = other if any(self.joins(cell, side, other) for cell in self.firms if cell not in self.hidden) else None
        for cell in self.order:
            if cell not in self.hidden and self.joins(cell, side, across):
                self.hide(cell, "complementary")
                return True
        return False

    @staticmethod
    def joins(cell: Cell, side: set, other: set | None) -> bool:
        """Whether a cell has one end on a side and one on the other, or anywhere else where other is None."""
        ends = [("place", cell[0]), ("industry", cell[1])]
        inside = [end in side for end in ends]
        return inside[0] != inside[1] and (other is None or ends[inside[0]] in other)

    def reached(self, line: Line, without: list[Cell]) -> set[Line]:
        """The lines that hidden cells lead to from a line."""
        found, waiting = {line}, [line]
        while waiting:
            for cell in self.lines[waiting.pop()]:
                if cell in self.hidden and cell not in without:
                    new = {("place", cell[0]), ("industry", cell[1])} - found
                    found |= new
                    waiting += new
        return found

    def column(self, cell: Cell) -> Line:
        """The line of an industry that a cell is in: that of its county where its sum is shown, else that of the nation."""
        county = (cell[0][:2], cell[1])
        return ("industry", *county) if cell[0] != ALL and county in self.shown else ("industry", cell[1])

    def put_together(self, places: dict[str, set[str]]) -> dict[Cell, str]:
        """What is hidden of places that are one or more members each, and of the nation: all that does not follow from `sums`."""
        known: dict[str, list[set[str]]] = defaultdict(list)
        for (_, industry), cells in self.sums().items():
            known[industry].append({place for place, _ in cells})
        gone = {cell: why for cell, why in self.hidden.items() if cell[0] == ALL}
        for industry in {industry for _, industry in self.firms}:
            secret = {place for place, of in self.hidden if of == industry and place != ALL}
            for place, members in places.items():
                away = members & secret
                if away != set().union(*(part for part in known[industry] if part <= away)):
                    gone[place, industry] = "complementary"
        return gone

    def sums(self) -> dict[Cell, list[Cell]]:
        """The sums of hidden cells that may be known, with what they are of: those of a county, and of all other counties (ALL).

        A county's sum in an industry, or in all, is shown where it passes the rules itself, and nothing that was hidden follows
        from it and the others that are shown; where something does, the smallest sums that it follows from are not shown.
        """
        by: dict[Cell, list[Cell]] = defaultdict(list)
        for cell in sorted(self.hidden):
            if cell[0] != ALL:
                by[cell[0][:2], cell[1]].append(cell)
        self.shown = {county for county, cells in by.items() if not self.together(cells)}
        size = {line: sum(self.size[cell] for cell in cells) for line, cells in by.items()}
        while self.shown and (wrong := self.wrong(by)):
            counties = {county for county, _ in wrong}
            near = wrong & self.shown or {line for line in self.shown if line[0] in counties} or self.shown
            self.shown.remove(min(near, key=lambda line: (size[line], line)))
        rest: dict[Cell, list[Cell]] = defaultdict(list)
        for county, cells in by.items():
            rest[county if county in self.shown else (ALL, county[1])] += cells
        return {line: cells for line, cells in rest.items() if line in self.shown or line not in self.hidden}

    def wrong(self, by: dict[Cell, list[Cell]]) -> set[Cell]:
        """The sums of counties that something unsafe follows from; nothing where all that is shown is safe."""
        for industry in sorted({industry for _, industry in by}):
            left = [cell for line, cells in by.items() if line[1] == industry and line not in self.shown for cell in cells]
            if left and (ALL, industry) not in self.hidden and self.together(left):
                return {line for line in by if line[1] == industry}
        for county in sorted({county for county, _ in by}):
            own = {line: cells for line, cells in by.items() if line[0] == county}
            left = [cell for line, cells in own.items() if line[1] != ALL and line not in self.shown for cell in cells]
            if left and ((county, ALL) not in own or (county, ALL) in self.shown) and self.together(left):
                return set(own)
        change = {cell: of for cell, of in self.freedom().items() if self.nation or cell[0] != ALL}
        beside: dict[int, list[Cell]] = defaultdict(list)
        for cell, of in change.items():
            beside[of].append(cell)
        pairs = ((one, other) for of in list(beside) if of > 0 for one in beside[of] for other in beside.get(-of, ()))
        cut = [*beside.get(0, ()), *(cell for pair in pairs if self.together(pair) for cell in pair)]
        return {(cell[0][:2], cell[1]) for cell in cut}

    def freedom(self) -> dict[Cell, int]:
        """A random change of the hidden cells that leaves every line's sum as it was.

        A cell that does not change is known from what is shown; two that change as much to either side are known together. (The
        kernel of a bipartite graph: random numbers on the edges outside a spanning forest give those in it, exactly, in whole
        numbers; that two unlike ones should be alike by chance is less likely than 1 in 10^12.)
        """
        ends: dict[Cell, tuple[Line, Line]] = {cell: (("place", cell[0]), self.column(cell)) for cell in self.hidden}
        beside = defaultdict(list)
        for cell, (row, column) in ends.items():
            beside[row].append((column, cell))
            beside[column].append((row, cell))
        order: list[Line] = []
        parent: dict[Line, tuple[Line, Cell] | None] = {}
        for root in beside:
            if root in parent:
                continue
            parent[root] = None
            reached = [root]
            for node in reached:
                for other, cell in beside[node]:
                    if other not in parent:
                        parent[other] = (node, cell)
                        reached.append(other)
            order += reached
        tree = {step[1] for step in parent.values() if step}
        change = {cell: self.random.randrange(1, RANGE) for cell in sorted(ends) if cell not in tree}
        rest: dict[Line, int] = defaultdict(int)
        for cell, drawn in change.items():
            for node in ends[cell]:
                rest[node] += drawn
        for node in reversed(order):
            if step := parent[node]:
                above, cell = step
                change[cell] = -rest[node]
                rest[above] += change[cell]
        return {cell: -of if (cell[0] == ALL) != (cell[1] == ALL) else of for cell, of in change.items()}


def _each(rows: list[tuple[int, float]]) -> dict[int, float]:
    sums: dict[int, float] = defaultdict(float)
    for number, value in rows:
        sums[number] += value
    return dict(sums)

"""The house as a test and a reader see it: rooms, floors, and which room imports which.

python tests/architecture.py      prints rooms from the top floor down, their lines, and the arrows between them
"""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "nlib"
FLOORS = (  # from the ground up; a room may import the floors below its own, never its own floor's other rooms nor what is above
    ("core",),
    ("data",),
    ("methods",),
    ("charts", "indicators"),
    ("build",),
    ("themes",),
    ("desk",),
    ("press",),
    ("cli",),
)
NOT_KNOWN = {("themes", "data"), ("charts", "data"), ("charts", "methods")}  # drawing and telling never read
DOOR = "nlib"  # `import nlib`, which gives the desk and names its own version
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}


def modules(source: Path = SOURCE) -> dict[str, Path]:
    """Every module of the house by its dotted name."""
    found = {}
    for path in sorted(source.rglob("*.py")):
        parts = path.relative_to(source.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else DOOR


def named(path: Path, known: set[str]) -> Iterator[str]:
    """The modules that a module imports, anywhere in it; a module that is named in a text (discovery by name) counts too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = {id(node.body[0].value) for node in ast.walk(tree) if _documented(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "nlib":
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in known else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "nlib")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            text = node.value.partition(":")[0].rstrip(".")
            if text.startswith("nlib.") and text in known:
                yield text


def _documented(node: ast.AST) -> bool:
    holds = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    return holds and ast.get_docstring(node, clean=False) is not None


def arrows(source: Path = SOURCE) -> dict[str, set[str]]:
    """The modules of the house that each module imports."""
    known = modules(source)
    return {module: set(named(path, set(known))) - {module} for module, path in known.items()}


def wrong(found: dict[str, set[str]]) -> list[str]:
    """Every import that goes up, to a room beside, or past what a room may know, a line each."""
    faults = []
    for module, targets in found.items():
        for target in targets:
            here, there = room(module), room(target)
            if here in (there, DOOR) or there == DOOR:
                continue
            if FLOOR[there] >= FLOOR[here] or (here, there) in NOT_KNOWN:
                faults.append(f"{module} imports {target}: {here} (floor {FLOOR[here]}) -> {there} (floor {FLOOR[there]})")
    return sorted(faults)


def circles(found: dict[str, set[str]]) -> list[str]:
    """Every circle of modules inside a room: those that reach themselves again. A package's door is no module of its own."""
    reached = {module: {t for t in targets if t in found and not module.startswith(f"{t}.")} for module, targets in found.items()}
    names = []
    for start in reached:
        seen: set[str] = set()
        waiting = [*reached[start]]
        while waiting:
            module = waiting.pop()
            if module not in seen:
                seen.add(module)
                waiting += reached[module]
        if start in seen:
            names.append(start)
    return names


def lines(source: Path = SOURCE) -> Counter:
    """Lines of Python a room."""
    counted: Counter = Counter()
    for module, path in modules(source).items():
        counted[room(module)] += path.read_text(encoding="utf-8").count("\n")
    return counted


def printed(source: Path = SOURCE) -> str:
    """Rooms from the top down: floor, room, modules, lines, and the rooms it imports with the count of modules that do."""
    found, counted = arrows(source), lines(source)
    told = [f"{'floor':<6}{'room':<12}{'modules':>8}{'lines':>8}  imports (modules)"]
    for floor, rooms in reversed([*enumerate(FLOORS)]):
        for name in rooms:
            inside = [module for module in found if room(module) == name]
            goes = Counter(there for module in inside for there in {room(t) for t in found[module]} - {name, DOOR})
            told.append(
                f"{floor:<6}{name:<12}{len(inside):>8}{counted[name]:>8}  "
                + ", ".join(f"{there} ({n})" for there, n in sorted(goes.items()))
            )
    return "\n".join([*told, f"{'':<6}{'in all':<12}{len(found):>8}{counted.total():>8}"])


if __name__ == "__main__":
    print(printed())
    print("\n".join([*wrong(arrows()), *(f"circle: {name}" for name in circles(arrows()))]) or "no import back up, no circle")

"""The StatBank on loopback, which computes each answer once and keeps it on disk: working out the figures is most of what it does.

python tests/statbank_kept.py FOLDER PROGRAM --port 0 --data DATA ...
"""

import gzip
import hashlib
import importlib
import json
import os
import sys
import tempfile
from pathlib import Path

OF_A_CALL = {"port", "data", "calls", "window", "fail", "cut", "slow"}  # what is the same of an answer whatever these are


def keep(program, folder: Path) -> None:
    """Let the program's answers be taken from the folder where they are there."""
    computed = program.dataset

    def answer(table, chosen, lists, lang):
        told = {name: value for name, value in vars(program.S.args).items() if name not in OF_A_CALL}
        asked = json.dumps([told, table.id, chosen, lists, lang], sort_keys=True)
        path = folder / f"{hashlib.sha256(asked.encode()).hexdigest()}.gz"
        if not path.is_file():
            body = json.dumps(computed(table, chosen, lists, lang), ensure_ascii=False, separators=(",", ":")).encode()
            folder.mkdir(parents=True, exist_ok=True)  # a run of other code may have cleared it away
            with tempfile.NamedTemporaryFile(dir=folder, suffix=".half", delete=False) as half:
                half.write(gzip.compress(body, 1))
            os.replace(half.name, path)
        return gzip.decompress(path.read_bytes())

    program.dataset = answer


if __name__ == "__main__":
    held, file = Path(sys.argv[1]), Path(sys.argv[2])
    sys.path.insert(0, str(file.parent))
    sys.argv[:3] = [str(file)]
    module = importlib.import_module(file.stem)
    keep(module, held)
    module.main()

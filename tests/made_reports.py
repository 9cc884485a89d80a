"""The pages of the synthetic edition for two municipalities, one whole and one that lacks much, as a run makes them."""

import pytest

from nlib.core import store
from nlib.press import publish
from tests.editions import quiet, with_notebooks
from tests.kept import kept

LACKING = {"arbeidsplasser", "maal", "naeringspuls"}  # topics that the second has no figures in


@pytest.fixture(scope="session")
def reports(demo_home, run_folder):
    """The folder of the run; it is made once for all workers."""

    def make(home):
        (home / "data").symlink_to(demo_home / "data")
        with_notebooks(home)
        assert publish.make(store.edition("demo", home), ["3222", "1580"], (), 2, quiet).failed == []

    with kept(run_folder / "pages", make) as home:
        yield home / "reports" / "demo"

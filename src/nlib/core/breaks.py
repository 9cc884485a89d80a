"""Years in which a series is measured in a new way, for those rooms that must know them; a source's own breaks stand beside it."""

A_ORDNINGEN = 2015  # from this year register employment comes from a-ordningen: no change is measured across it
BREAKS = {A_ORDNINGEN: "ny kilde (a-ordningen), ikke målt som før"}

"""SSB's population projection of 2026 by age (SSB 14746)."""

from nlib.data.sources.ssb_14288 import dataset, declared

MADE = 2026
DECLARED = declared("14746")
RAW = DECLARED.raw("projection", None)
DATASET = dataset(DECLARED, RAW, MADE)

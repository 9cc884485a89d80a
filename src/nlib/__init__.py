"""nlib: open, reproducible analyses of Norwegian municipalities."""

__version__ = "0.1.0"

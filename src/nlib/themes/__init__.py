"""What each theme says: a folder a theme, with its figures (`figures.py`) and its first page (`text.py`)."""

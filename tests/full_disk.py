"""A disk that is full at one of the writes of a test."""

import os


class FullDisk:
    """Stands in for `os.fsync`: the write of number `at` since the last `fill` fails."""

    def __init__(self):
        self.real, self.at, self.writes = os.fsync, 0, 0

    def fill(self, at: int) -> None:
        self.at, self.writes = at, 0

    def __call__(self, handle):
        self.writes += 1
        if self.writes == self.at:
            raise OSError(28, "No space left on device")
        self.real(handle)

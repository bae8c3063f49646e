"""The diabetes data: its columns, what is wrong with a file of it, and the split that never changes."""

import csv
import hashlib
import math

import pandas as pd

# Column -> smallest and largest value that a measurement can have.
COLUMNS = {
    "age": (1, 120),
    "sex": (1, 2),
    "bmi": (10, 80),
    "bp": (40, 200),
    "tc": (50, 500),
    "ldl": (10, 400),
    "hdl": (5, 200),
    "tch": (1, 20),
    "ltg": (1, 10),
    "glu": (30, 400),
    "progression": (1, 1000),
}
TARGET = "progression"
FEATURES = [name for name in COLUMNS if name != TARGET]

SMALLEST_FILE = 100
TEST_SHARE = 0.25


def faults(path):
    """Everything that is wrong with a data file, one sentence each."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    if not rows or rows[0] != list(COLUMNS):
        return [f"line 1: the columns must be {','.join(COLUMNS)}"]
    found = [fault for line, row in enumerate(rows[1:], start=2) for fault in _row_faults(line, row)]
    if len(rows) - 1 < SMALLEST_FILE:
        found.append(f"the file has {len(rows) - 1} rows; at least {SMALLEST_FILE} are needed")
    return found + list(_repeated(rows[1:]))


def _row_faults(line, row):
    if len(row) != len(COLUMNS):
        yield f"line {line}: {len(row)} values instead of {len(COLUMNS)}"
        return
    for (name, (low, high)), text in zip(COLUMNS.items(), row):
        value = _number(text)
        if value is None:
            yield f"line {line}: {name} is '{text}', not a number"
        elif not low <= value <= high:
            yield f"line {line}: {name} is {text}, outside {low} to {high}"


def _number(text):
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _repeated(rows):
    first = {}
    for line, row in enumerate(rows, start=2):
        before = first.setdefault(tuple(row), line)
        if before != line:
            yield f"line {line}: the same row as line {before}"


def read(path):
    """The file as a table of numbers."""
    return pd.read_csv(path, dtype=float)


def is_test_row(row):
    """Whether a row belongs to the test set. The row's own content decides: new rows never move old ones."""
    text = ",".join(f"{value:g}" for value in row)
    return hashlib.sha256(text.encode()).digest()[0] < 256 * TEST_SHARE


def split(table):
    """Training rows and test rows."""
    for_test = table[list(COLUMNS)].apply(is_test_row, axis=1)
    return table[~for_test], table[for_test]

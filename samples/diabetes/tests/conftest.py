import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "score")]


@pytest.fixture(scope="session")
def data_file():
    return ROOT / "data" / "diabetes.csv"


@pytest.fixture(scope="session")
def table(data_file):
    import dataset

    return dataset.read(data_file)

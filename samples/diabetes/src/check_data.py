"""Checks a data file before anything is trained on it: python check_data.py <file>."""

import sys

import dataset


def main(path):
    found = dataset.faults(path)
    for fault in found[:20]:
        print(f"##vso[task.logissue type=error;sourcepath={path}]{fault}")
    if found:
        print(f"{path}: {len(found)} faults")
        return 1
    train, test = dataset.split(dataset.read(path))
    print(f"{path}: no faults; {len(train)} rows to train on, {len(test)} to test on")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

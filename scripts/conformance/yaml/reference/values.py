"""Answers one line of JSON (a text) with what PyYAML's safe loader makes of it, each value with its type."""

import base64
import datetime
import json
import sys

import yaml


def typed(value):
    if value is None or isinstance(value, (bool, str)):
        return {bool: ["bool", value], str: ["str", value]}.get(type(value), ["null"])
    if isinstance(value, (int, float)):
        return [type(value).__name__, repr(value)]
    if isinstance(value, datetime.date):
        return ["date", str(value)]
    if isinstance(value, bytes):
        return ["binary", base64.b64encode(value).decode()]
    if isinstance(value, list):
        return ["list", [typed(item) for item in value]]
    if isinstance(value, dict):
        return ["map", [[typed(key), typed(item)] for key, item in value.items()]]
    return ["other", type(value).__name__]


def answer(text):
    try:
        return typed(yaml.safe_load(text))
    except Exception as error:  # ours refuses what makes the loader fail in whatever way
        return ["refused", f"{type(error).__name__}: {error}"]


def main():
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()

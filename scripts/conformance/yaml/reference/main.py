"""Answers one line of JSON with another: what the reference client sends for a YAML file, or why it refuses it.

In:  {"file": "/absolute/path.yml", "use": "job", "given": {"name": "x"}}
Out: {"sent": [...]} or {"sent": [...], "error": {"type": "...", "message": "..."}}
"""

import base64
import contextlib
import io
import json
import logging
import math
import os
import signal
import sys
import warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

from azure.ai.ml import MLClient
from azure.core.credentials import AccessToken

import transport
import uses
from answers import SUBSCRIPTION

SECONDS_PER_FILE = 120


class Credential:
    """Any token will do: nothing leaves this process."""

    def get_token(self, *_scopes, **_options):
        def part(content):
            return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")

        claims = {"aud": "https://ml.azure.com", "tid": "t", "exp": 9999999999}
        return AccessToken(f"{part({'alg': 'none'})}.{part(claims)}.c2ln", 9999999999)


def compile_file(client, request):
    transport.SENT.clear()
    result = {}
    quiet = io.StringIO()
    signal.alarm(SECONDS_PER_FILE)
    try:
        with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
            os.chdir(os.path.dirname(request["file"]))
            uses.send(client, request["use"], request["file"], request.get("given"), transport.SENT)
    except BaseException as ended:  # whatever ends the reference client counts as its refusal
        # Where it has no words for what is wrong, the reason is what went before.
        error = ended.__context__ if isinstance(ended, NotImplementedError) and ended.__context__ else ended
        result["error"] = {"type": type(error).__name__, "message": str(error)[:4000]}
    finally:
        signal.alarm(0)
    return {**result, "sent": list(transport.SENT)}


def finite(value):
    """The same, with what JSON has no number for (NaN, infinities) as text."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, list):
        return [finite(item) for item in value]
    return {key: finite(item) for key, item in value.items()} if isinstance(value, dict) else value


def too_slow(_signal, _frame):
    raise TimeoutError(f"The reference client took more than {SECONDS_PER_FILE} s.")


def main():
    signal.signal(signal.SIGALRM, too_slow)
    transport.install()
    client = MLClient(Credential(), SUBSCRIPTION, "rg", "ws", enable_telemetry=False)
    for line in sys.stdin:
        print(json.dumps(finite(compile_file(client, json.loads(line))), sort_keys=True), flush=True)


if __name__ == "__main__":
    main()

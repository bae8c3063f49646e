"""What every life needs: steps that are tried, judged and told, one line of JSON each."""

import inspect
import json
import sys
import time
import traceback

MARK = "\nSTEP "
NO_OPERATION = "The embedded workspace has no operation"


class Life:
    """One client's life against the workspace. A step that fails never ends it."""

    def __init__(self, client):
        self.client = client
        self.tried = {}

    def step(self, group, operation, action, *, refused=None):
        """Tries an operation. `refused`: why the workspace refuses it on purpose."""
        started = time.monotonic()
        try:
            value = action()
        except BaseException as error:  # a client may end in any way
            self._tell(group, operation, *judged(error, refused), started)
            return None
        verdict = ("broken", f"should have been refused: {refused}") if refused else ("works", "")
        self._tell(group, operation, *verdict, started)
        return value

    def refusal(self, group, operation, action, why, *, of=("The embedded workspace",)):
        """A refusal counts when it is the workspace's own, or one of the client's that is named; any other failure is one."""
        try:
            value = action()
        except BaseException as error:
            failure = error
            is_meant = any(words in said(error) for words in of)
            self.step(group, operation, lambda: again(failure), refused=why if is_meant else None)
            return
        self.step(group, operation, lambda: value, refused=why)

    def rest(self, group, kind):
        """Names every public operation of a group that no step has tried."""
        names = [name for name, _ in inspect.getmembers(kind, callable) if not name.startswith("_")]
        tried = self.tried.get(group, {})
        whole = [verdict for verdict in ("missing", "refused") if tried and set(tried.values()) == {verdict}]
        for name in names:
            if name not in {operation.split()[0] for operation in tried}:
                verdict = (whole[0], "like its group") if whole else ("untried", "")
                self._tell(group, name, *verdict, time.monotonic())

    def _tell(self, group, operation, verdict, note, started):
        self.tried.setdefault(group, {})[operation] = verdict
        step = {
            "client": self.client,
            "group": group,
            "operation": operation,
            "verdict": verdict,
            "note": note,
            "seconds": round(time.monotonic() - started, 1),
        }
        sys.stdout.write(f"{MARK}{json.dumps(step)}\n")
        sys.stdout.flush()


def said(error):
    """What an error and those that led to it say, with their kinds."""
    earlier = error.__cause__ or error.__context__
    return f"{type(error).__name__}: {error}" + (f"\n{said(earlier)}" if earlier else "")


def again(error):
    raise error


def judged(error, refused):
    text = " ".join(str(error).split())
    if NO_OPERATION in text:
        return "missing", ""
    if refused:
        return "refused", refused
    traceback.print_exception(error, file=sys.stderr)
    return "broken", f"{type(error).__name__}: {text}"[:400]


def check(truth, what):
    """Fails a step that gave something else than it should."""
    if not truth:
        raise AssertionError(what)

"""Prepares the Python that runs the checks: python prepare_python.py <tools folder> <requirements file>.

A virtual environment is made once for each requirements file and kept in the agent's tools folder.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path


def interpreter(folder):
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def build(folder, requirements):
    """Made beside its place and moved there when complete, so that nobody meets half of it."""
    draft = folder.with_name(f"{folder.name}.{os.getpid()}")
    venv.create(draft, with_pip=True)
    pip = [str(interpreter(draft)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-r", str(requirements)], check=True)
    try:
        draft.rename(folder)
    except OSError:  # another run was faster
        shutil.rmtree(draft)


def main(tools, requirements):
    key = hashlib.sha256(f"{sys.version}{sys.prefix}".encode() + requirements.read_bytes()).hexdigest()[:16]
    folder = tools / f"diabetes-checks-{key}"
    if interpreter(folder).exists():
        print(f"using {folder}")
    else:
        print(f"installing {requirements.name} into {folder}", flush=True)
        tools.mkdir(parents=True, exist_ok=True)
        build(folder, requirements)
    print(f"##vso[task.setvariable variable=checksPython]{interpreter(folder)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())

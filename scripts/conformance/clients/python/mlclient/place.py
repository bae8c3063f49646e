"""Files of the life: code, data and environments as a user has them in a folder."""

from pathlib import Path

from azure.ai.ml.entities import Environment

IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"

TRAIN = """
import pathlib, sys, time

rows = pathlib.Path(sys.argv[1]).read_text().splitlines()
model = pathlib.Path(sys.argv[2])
model.mkdir(parents=True, exist_ok=True)
(model / "model.txt").write_text(f"{len(rows)} rows")
pathlib.Path("outputs").mkdir(exist_ok=True)
pathlib.Path("outputs/note.txt").write_text("a note")
print(f"trained on {len(rows)} rows", flush=True)
# Long enough to be streamed: a client prints nothing of a job that has ended when it looks first.
time.sleep(4)
"""

SCORE = """
import json, os, pathlib, time

def init():
    global text
    text = next(pathlib.Path(os.environ["AZUREML_MODEL_DIR"]).rglob("model.txt")).read_text()
    print("the model is ready")

def run(body):
    got = json.loads(body)
    time.sleep(got.get("sleep", 0))
    return {"model": text, "colour": os.environ.get("COLOUR"), "got": got}
"""

BATCH = """
import os, pathlib

def init():
    global text
    text = next(pathlib.Path(os.environ["AZUREML_MODEL_DIR"]).glob("*/model.txt")).read_text()

def run(mini_batch):
    lines = {path: len(pathlib.Path(path).read_text().splitlines()) for path in mini_batch}
    return [f"{os.path.basename(path)} {count} {os.environ['UNIT']} {text}" for path, count in lines.items()]
"""

BROKEN = """
def init():
    raise RuntimeError("the model cannot be read")

def run(body):
    return body
"""

# Metrics leave a job by the client that its environment has; this one needs nothing but the standard library.
REPORT = """
import json, os, sys, time, urllib.request

value = float(sys.argv[1])
uri = os.environ["MLFLOW_TRACKING_URI"].replace("azureml://", "https://")
body = {"run_id": os.environ["MLFLOW_RUN_ID"], "key": "score", "value": value, "timestamp": int(time.time() * 1000), "step": 0}
headers = {"Authorization": "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"], "Content-Type": "application/json"}
url = uri + "/api/2.0/mlflow/runs/log-metric"
urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers))
print("score", value)
"""


MLMODEL = """
flavors:
  python_function:
    loader_module: doubling
    code: code
    env: conda.yaml
"""

DOUBLING = """
class Doubling:
    def predict(self, rows):
        return [int(value) * 2 for value in rows["a"]]

def _load_pyfunc(path):
    return Doubling()
"""


class Place:
    """A folder with everything the life submits."""

    def __init__(self, folder):
        self.root = Path(folder)
        self.code = self.file("code/train.py", TRAIN).parent
        self.report = self.file("report/report.py", REPORT).parent
        self.score = self.file("score/score.py", SCORE).parent
        self.batch = self.file("batch/batch.py", BATCH).parent
        self.broken = self.file("broken/score.py", BROKEN).parent
        self.data = self.file("data/rows.csv", "a,b\n1,2\n3,4\n")
        self.model = self.file("model/model.txt", "from here").parent
        self.mlflow_model = self._mlflow_model()
        self.downloads = self.root / "downloads"

    def environment(self, name=None):
        """Python as this machine has it: nothing is installed for it."""
        conda = {"name": "plain", "channels": ["conda-forge"], "dependencies": ["python"]}
        return Environment(name=name, image=IMAGE, conda_file=conda)

    def scoring_environment(self):
        """The inference server alone."""
        pip = {"pip": ["azureml-inference-server-http==1.5.1"]}
        return Environment(
            name="scoring",
            image=IMAGE,
            conda_file={"name": "scoring", "dependencies": ["python=3.11", "pip", pip]},
        )

    def _mlflow_model(self):
        """A model whose code is with it; its environment is the one the sample project makes anyway."""
        sample = Path(__file__).parents[5] / "samples" / "diabetes" / "conda.yaml"
        self.file("mlflow-model/conda.yaml", sample.read_text())
        self.file("mlflow-model/code/doubling.py", DOUBLING)
        return self.file("mlflow-model/MLmodel", MLMODEL).parent

    def file(self, name, text):
        """A file of the life's folder."""
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

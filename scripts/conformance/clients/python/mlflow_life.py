"""mlflow: experiments, nested runs, many points, artifacts, registered models; with azureml-mlflow and without."""

import math
import os
import sys
import tempfile
import time
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import mlflow  # noqa: E402
from life import Life, check  # noqa: E402
from mlflow.entities import Metric, Param, RunTag  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402
from mlflow.tracking import MlflowClient  # noqa: E402

POINTS = 10_000
ADDRESS = "the artifact address is of the kind azureml, which only azureml-mlflow reads"
AZURE_HAS_NONE = "Azure ML does not offer it either"


def main(name, folder):
    life = Life(name)
    client = MlflowClient()
    with_plugin = os.environ["MLFLOW_TRACKING_URI"].startswith("azureml://")
    experiments(life, client)
    runs(life, client)
    artifacts(life, client, Path(folder), with_plugin)
    registry(life, client, Path(folder), with_plugin)


def experiments(life, client):
    made = life.step("experiments", "create_experiment", lambda: client.create_experiment("first", tags={"team": "a"}))
    life.step("experiments", "get_experiment", lambda: check(client.get_experiment(made).name == "first", "name"))
    life.step(
        "experiments",
        "get_experiment_by_name",
        lambda: check(client.get_experiment_by_name("first").experiment_id == made, "id"),
    )
    life.step("experiments", "search_experiments", lambda: check(client.search_experiments(), "some"))
    life.step(
        "experiments", "set_experiment_tag", lambda: client.set_experiment_tag(made, "seen", "yes")
    )
    life.step("experiments", "rename_experiment", lambda: client.rename_experiment(made, "renamed"))
    life.step("experiments", "delete_experiment", lambda: client.delete_experiment(made))
    life.step("experiments", "restore_experiment", lambda: client.restore_experiment(made))
    life.step("experiments", "set_experiment", lambda: mlflow.set_experiment("life"))


def runs(life, client):
    life.step("runs", "start_run (nested)", lambda: nested(client))
    run = life.step("runs", "create_run", lambda: client.create_run(experiment(client), tags={"kind": "points"}))
    run_id = run.info.run_id
    life.step("runs", "get_run", lambda: check(client.get_run(run_id).data.tags["kind"] == "points", "tag"))
    life.step("runs", "log_metric", lambda: client.log_metric(run_id, "loss", 0.5, step=1))
    life.step("runs", "log_param", lambda: client.log_param(run_id, "depth", 3))
    life.step("runs", "set_tag", lambda: client.set_tag(run_id, "colour", "red"))
    life.step("runs", "delete_tag", lambda: client.delete_tag(run_id, "colour"))
    life.step("runs", f"log_batch ({POINTS:,} points)", lambda: points(client, run_id))
    life.step("runs", "get_metric_history", lambda: history(client, run_id))
    life.step("runs", "log_batch (asynchronous)", lambda: asynchronous(client, run_id))
    life.step("runs", "update_run", lambda: client.update_run(run_id, status="FINISHED", name="points"))
    life.step(
        "runs",
        "search_runs",
        lambda: check(
            [one.info.run_id for one in client.search_runs([experiment(client)], "params.depth = '3'")] == [run_id],
            "found by its parameter",
        ),
    )
    life.step("runs", "set_terminated", lambda: client.set_terminated(run_id, "FINISHED"))
    life.step("runs", "delete_run", lambda: client.delete_run(run_id))
    life.step("runs", "restore_run", lambda: client.restore_run(run_id))
    life.step("runs", "get_run (unknown)", lambda: unknown(client))


def experiment(client):
    return client.get_experiment_by_name("life").experiment_id


def nested(client):
    with mlflow.start_run(run_name="parent") as parent:
        mlflow.log_param("who", "parent")
        for number in range(3):
            with mlflow.start_run(run_name=f"child {number}", nested=True) as child:
                mlflow.log_metric("number", number)
                with mlflow.start_run(run_name="grandchild", nested=True):
                    mlflow.log_metric("deep", number)
    parent_id = parent.info.run_id
    found = client.search_runs([experiment(client)], f"tags.mlflow.parentRunId = '{parent_id}'")
    check(len(found) == 3, f"three children, not {len(found)}")
    check(client.get_run(child.info.run_id).data.tags["mlflow.parentRunId"] == parent_id, "its parent")
    check(client.get_run(parent_id).info.status == "FINISHED", "finished")


def points(client, run_id):
    now = int(time.time() * 1000)
    metrics = [Metric("curve", math.sin(step / 100), now + step, step) for step in range(POINTS)]
    for start in range(0, POINTS, 1000):
        client.log_batch(run_id, metrics=metrics[start : start + 1000])
    client.log_batch(run_id, params=[Param("a", "1")], tags=[RunTag("b", "2")])


def history(client, run_id):
    found = client.get_metric_history(run_id, "curve")
    check(len(found) == POINTS, f"{POINTS} points, not {len(found)}")
    check([one.step for one in found] == list(range(POINTS)), "in their order")
    check(client.get_run(run_id).data.metrics["curve"] == found[-1].value, "the last one shown")


def asynchronous(client, run_id):
    operation = client.log_batch(run_id, metrics=[Metric("late", 1, int(time.time() * 1000), 0)], synchronous=False)
    operation.wait()
    check(client.get_run(run_id).data.metrics["late"] == 1, "it arrived")


def unknown(client):
    try:
        client.get_run("there-is-none")
    except MlflowException as error:
        check(error.error_code == "RESOURCE_DOES_NOT_EXIST", error.error_code)
    else:
        raise AssertionError("found")


def artifacts(life, client, folder, with_plugin):
    """Addresses of artifacts are of azureml-mlflow's own kind; mlflow alone cannot read them, here or in the cloud."""
    refused = None if with_plugin else ADDRESS
    tree = folder / "tree"
    (tree / "deep").mkdir(parents=True, exist_ok=True)
    (tree / "a.txt").write_text("A")
    (tree / "deep" / "b.txt").write_text("B")
    run_id = client.create_run(experiment(client)).info.run_id
    life.step("artifacts", "log_artifacts", lambda: client.log_artifacts(run_id, str(tree), "tree"), refused=refused)
    life.step("artifacts", "log_artifact", lambda: client.log_artifact(run_id, str(tree / "a.txt")), refused=refused)
    life.step("artifacts", "log_text", lambda: client.log_text(run_id, "text", "said/text.txt"), refused=refused)
    life.step("artifacts", "log_dict", lambda: client.log_dict(run_id, {"a": 1}, "dict.json"), refused=refused)
    life.step(
        "artifacts",
        "list_artifacts",
        lambda: check({one.path for one in client.list_artifacts(run_id)} >= {"tree", "a.txt", "said"}, "listed"),
        refused=refused,
    )
    life.step("artifacts", "download_artifacts", lambda: downloaded(client, run_id), refused=refused)
    life.step(
        "artifacts",
        "mlflow.artifacts.download_artifacts",
        lambda: check(
            Path(mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="tree/deep/b.txt")).read_text() == "B",
            "what was sent",
        ),
        refused=refused,
    )
    life.step(
        "artifacts",
        "mlflow.artifacts.load_text",
        lambda: check(
            mlflow.artifacts.load_text(client.get_run(run_id).info.artifact_uri + "/said/text.txt") == "text", "what was sent"
        ),
        refused=refused,
    )


def downloaded(client, run_id):
    with tempfile.TemporaryDirectory() as target:
        place = Path(client.download_artifacts(run_id, "tree", target))
        check((place / "a.txt").read_text() == "A" and (place / "deep" / "b.txt").read_text() == "B", "the whole tree")


def register(life, client, run_id, source, with_plugin):
    """A second version, by the function that finds a run's model by itself where it can."""
    if not with_plugin:
        life.step("registered models", "mlflow.register_model", lambda: mlflow.register_model(source, "m"), refused=ADDRESS)
    elif mlflow.__version__.startswith("2."):
        life.step("registered models", "mlflow.register_model", lambda: mlflow.register_model(source, "m"))
        return
    else:
        life.refusal(
            "registered models",
            "mlflow.register_model",
            lambda: mlflow.register_model(source, "m"),
            "mlflow 3 looks for logged models, which Azure ML does not have; create_model_version works",
        )
    client.create_model_version("m", source=client.get_run(run_id).info.artifact_uri + "/model", run_id=run_id)


def registry(life, client, folder, with_plugin):
    group = "registered models"
    run_id = client.create_run(experiment(client)).info.run_id
    if with_plugin:
        model = folder / "model"
        model.mkdir(exist_ok=True)
        (model / "MLmodel").write_text("flavors:\n  python_function:\n    loader_module: m\n")
        client.log_artifacts(run_id, str(model), "model")
    source = f"runs:/{run_id}/model"
    life.step(group, "create_registered_model", lambda: client.create_registered_model("m", {"a": "b"}, "a model"))
    made = life.step(
        group,
        "create_model_version",
        lambda: client.create_model_version("m", source=client.get_run(run_id).info.artifact_uri + "/model", run_id=run_id),
    )
    version = made.version if made else "1"
    register(life, client, run_id, source, with_plugin)
    life.step(group, "get_registered_model", lambda: check(client.get_registered_model("m").name == "m", "name"))
    life.step(group, "search_registered_models", lambda: check(client.search_registered_models("name = 'm'"), "found"))
    life.step(group, "update_registered_model", lambda: client.update_registered_model("m", "another"))
    life.step(group, "set_registered_model_tag", lambda: client.set_registered_model_tag("m", "c", "d"))
    life.step(group, "delete_registered_model_tag", lambda: client.delete_registered_model_tag("m", "c"))
    life.step(group, "get_model_version", lambda: check(client.get_model_version("m", version).run_id == run_id, "run"))
    life.step(group, "search_model_versions", lambda: check(len(client.search_model_versions("name = 'm'")) == 2, "two"))
    life.step(group, "get_latest_versions", lambda: client.get_latest_versions("m"))
    life.step(group, "update_model_version", lambda: client.update_model_version("m", version, "described"))
    life.step(group, "set_model_version_tag", lambda: client.set_model_version_tag("m", version, "e", "f"))
    life.step(group, "delete_model_version_tag", lambda: client.delete_model_version_tag("m", version, "e"))
    life.step(
        group,
        "transition_model_version_stage",
        lambda: check(client.transition_model_version_stage("m", version, "Production").current_stage == "Production", "stage"),
    )
    life.step(group, "set_registered_model_alias", lambda: client.set_registered_model_alias("m", "best", version))
    life.step(
        group, "get_model_version_by_alias", lambda: check(client.get_model_version_by_alias("m", "best").version == version, "v")
    )
    life.step(group, "delete_registered_model_alias", lambda: client.delete_registered_model_alias("m", "best"))
    life.step(group, "get_model_version_download_uri", lambda: client.get_model_version_download_uri("m", version))
    life.step(
        group,
        "mlflow.artifacts.download_artifacts (models:/)",
        lambda: check(
            (Path(mlflow.artifacts.download_artifacts(f"models:/m/{version}")) / "MLmodel").exists(), "its files"
        ),
        refused=None if with_plugin else ADDRESS,
    )
    life.step(
        group,
        "rename_registered_model",
        lambda: client.rename_registered_model("m", "n"),
        refused=AZURE_HAS_NONE,
    )
    if with_plugin:
        import mlflow_shared

        mlflow_shared.live(life, folder, client.get_run(run_id).info.artifact_uri + "/model")
    life.step(group, "delete_model_version", lambda: client.delete_model_version("m", version))
    life.step(group, "delete_registered_model", lambda: client.delete_registered_model("m"))


main(sys.argv[1], sys.argv[2])

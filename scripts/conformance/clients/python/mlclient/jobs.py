"""Jobs: one command with local code and data from submission to registered model, a pipeline, a sweep."""

import contextlib
import io
import time

from azure.ai.ml import Input, Output, command, dsl
from azure.ai.ml.entities import Model
from azure.ai.ml.sweep import Choice
from life import check


def live(life, client, place):
    job = life.step("jobs", "create_or_update", lambda: client.jobs.create_or_update(training(place)))
    if job is None:
        return
    life.step("jobs", "stream", lambda: check("trained on 3 rows" in streamed(client, job.name), "the log"))
    life.step("jobs", "get", lambda: check(client.jobs.get(job.name).status == "Completed", "Completed"))
    life.step("jobs", "list", lambda: check(job.name in [one.name for one in client.jobs.list()], "listed"))
    life.step("jobs", "show_services", lambda: client.jobs.show_services(job.name))
    life.step("jobs", "download", lambda: download_all(client, place, job.name))
    life.step("jobs", "download (named output)", lambda: download_named(client, place, job.name))
    life.step("models", "create_or_update (from a job)", lambda: from_job(client, job.name))
    life.step("jobs", "update (tags)", lambda: tagged(client, job.name))
    life.step("jobs", "archive", lambda: client.jobs.archive(job.name))
    life.step("jobs", "restore", lambda: client.jobs.restore(job.name))
    life.step("jobs", "begin_cancel", lambda: cancelled(client, place))
    life.step("jobs", "create_or_update (fails)", lambda: failed(client, place))
    life.step("jobs", "create_or_update (pipeline)", lambda: pipeline(client, place))
    life.step("jobs", "create_or_update (sweep)", lambda: sweep(client, place))
    life.step("jobs", "validate", lambda: check(client.jobs.validate(training(place)).passed, "valid"))
    life.step("jobs", "begin_delete", lambda: deleted(client, place))


def training(place, data=None, environment=None):
    return command(
        code=str(place.code),
        command="python train.py ${{inputs.data}} ${{outputs.model}}",
        inputs={"data": Input(type="uri_file", path=data or str(place.data))},
        outputs={"model": Output(type="uri_folder")},
        environment=environment or place.environment(),
        compute="cluster",
        experiment_name="life",
        display_name="a life",
    )


def streamed(client, name):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        client.jobs.stream(name)
    return said.getvalue()


def ended(client, job):
    """The job when it has ended, whatever its end."""
    while client.jobs.get(job.name).status not in ("Completed", "Failed", "Canceled"):
        time.sleep(0.5)
    return client.jobs.get(job.name)


def download_all(client, place, name):
    client.jobs.download(name, download_path=str(place.downloads / "all"), all=True)
    files = {file.name for file in (place.downloads / "all").rglob("*") if file.is_file()}
    check({"std_log.txt", "note.txt"} <= files, f"logs and artifacts among {files}")


def download_named(client, place, name):
    client.jobs.download(name, download_path=str(place.downloads / "named"), output_name="model")
    file = place.downloads / "named" / "named-outputs" / "model" / "model.txt"
    check(file.read_text() == "3 rows", "what the job wrote")


def from_job(client, name):
    model = Model(name="job-model", path=f"azureml://jobs/{name}/outputs/model/paths/", type="custom_model")
    made = client.models.create_or_update(model)
    check(made.version == "1", "version")
    return made


def tagged(client, name):
    job = client.jobs.get(name)
    job.tags["seen"] = "yes"
    client.jobs.create_or_update(job)
    check(client.jobs.get(name).tags["seen"] == "yes", "the tag")


def cancelled(client, place):
    job = client.jobs.create_or_update(
        command(command="sleep 600", environment=place.environment(), compute="cluster", experiment_name="life")
    )
    while client.jobs.get(job.name).status != "Running":
        time.sleep(0.5)
    client.jobs.begin_cancel(job.name).result()
    check(ended(client, job).status == "Canceled", "Canceled")


def failed(client, place):
    job = client.jobs.create_or_update(
        command(command="echo oops >&2; exit 3", environment=place.environment(), compute="cluster")
    )
    check(ended(client, job).status == "Failed", "Failed")


def deleted(client, place):
    job = client.jobs.create_or_update(command(command="true", environment=place.environment(), compute="cluster"))
    ended(client, job)
    client.jobs.begin_delete(job.name).result()
    check(job.name not in [one.name for one in client.jobs.list()], "gone")


def pipeline(client, place):
    job = client.jobs.create_or_update(two_steps(client, place), experiment_name="life")
    said = streamed(client, job.name)
    check(client.jobs.get(job.name).status == "Completed", f"Completed: {said}")
    children = list(client.jobs.list(parent_job_name=job.name))
    check(len(children) == 2, f"two children, not {len(children)}")
    client.jobs.download(job.name, download_path=str(place.downloads / "pipeline"), output_name="model")
    check(list((place.downloads / "pipeline").rglob("model.txt")), "the output of the pipeline")


def two_steps(client, place):
    """A registered component, and an inline step that reads what it made."""
    count = client.components.get("count_rows", version="1")
    report = command(
        name="report",
        code=str(place.report),
        command="python report.py 1 && cat ${{inputs.model}}/model.txt",
        inputs={"model": Input(type="uri_folder")},
        environment=place.environment(),
    )

    @dsl.pipeline(name="two steps", default_compute="cluster")
    def steps(rows):
        first = count(data=rows)
        report(model=first.outputs.model)
        return {"model": first.outputs.model}

    return steps(Input(type="uri_file", path="azureml:rows:1"))


def sweep(client, place):
    trial = command(
        code=str(place.report),
        command="python report.py ${{inputs.value}}",
        inputs={"value": 0.0},
        environment=place.environment(),
        compute="cluster",
    )
    job = trial(value=Choice([0.1, 0.9, 0.5])).sweep(
        sampling_algorithm="grid", primary_metric="score", goal="Maximize", compute="cluster"
    )
    job.set_limits(max_total_trials=3, max_concurrent_trials=2, timeout=600)
    made = client.jobs.create_or_update(job)
    done = ended(client, made)
    check(done.status == "Completed", f"Completed, not {done.status}")
    check(done.properties.get("best_child_run_id"), "the best child")
    check(float(done.properties["score"]) == 0.9, "the best score") if "score" in done.properties else None

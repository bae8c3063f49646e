"""Batch endpoints: a script's deployment, an MLflow model's and a pipeline's, their jobs and what those give, the end."""

from azure.ai.ml import Input, Output, load_component
from azure.ai.ml.constants import BatchDeploymentOutputAction
from azure.ai.ml.entities import (
    BatchEndpoint,
    BatchRetrySettings,
    CodeConfiguration,
    Data,
    Model,
    ModelBatchDeployment,
    ModelBatchDeploymentSettings,
    PipelineComponentBatchDeployment,
)
from life import check
from mlclient.jobs import ended, streamed

NAME = "scores"
PIPELINE = """
type: pipeline
name: batch_hello
version: "1"
inputs:
  word: {type: string}
  rows: {type: uri_folder}
outputs:
  kept: {type: uri_folder}
jobs:
  keep:
    type: command
    inputs:
      word: ${{parent.inputs.word}}
      rows: ${{parent.inputs.rows}}
    outputs:
      kept: ${{parent.outputs.kept}}
    component:
      type: command
      command: echo ${{inputs.word}} && cp -r ${{inputs.rows}}/. ${{outputs.kept}}
      environment: azureml:plain:1
      inputs:
        word: {type: string}
        rows: {type: uri_folder}
      outputs:
        kept: {type: uri_folder}
"""


def live(life, client, place):
    endpoints, deployments = client.batch_endpoints, client.batch_deployments
    put = "begin_create_or_update"
    life.step("batch_endpoints", put, lambda: endpoints.begin_create_or_update(BatchEndpoint(name=NAME)).result())
    life.step("batch_endpoints", "list", lambda: check(NAME in [one.name for one in endpoints.list()], "listed"))
    life.step("batch_endpoints", "get", lambda: check(endpoints.get(NAME).scoring_uri.endswith("/jobs"), "an address"))
    life.step("batch_deployments", put, lambda: deployments.begin_create_or_update(scripted(client, place)).result())
    life.step("batch_endpoints", f"{put} (default deployment)", lambda: made_default(client, "script"))
    life.step("batch_deployments", "get", lambda: shown(client))
    life.step("batch_deployments", "list", lambda: check([one.name for one in deployments.list(NAME)] == ["script"], "one"))
    # Every call names its deployment: the client goes on naming the last one that was named to it, of online endpoints too.
    life.step("batch_endpoints", "invoke", lambda: local_folder(client, place))
    life.step("batch_endpoints", "invoke (data asset, own name)", lambda: data_asset(client, place))
    life.step("batch_endpoints", "invoke (chosen output)", lambda: chosen_output(client, place))
    life.step("batch_deployments", f"{put} (mlflow model)", lambda: without_script(client, place))
    life.step("batch_deployments", f"{put} (pipeline)", lambda: of_pipeline(client, place))
    life.step("batch_endpoints", "list_jobs", lambda: check(len(list(endpoints.list_jobs(NAME))) == 6, "all of them"))
    life.step(
        "batch_deployments",
        "list_jobs",
        lambda: check([one.status for one in deployments.list_jobs(NAME, name="pipeline")] == ["Completed"], "its own"),
    )
    life.step(
        "batch_deployments",
        "begin_delete (default deployment)",
        lambda: deployments.begin_delete("script", NAME).result(),
        refused="the default deployment is not deleted",
    )
    life.step("batch_deployments", "begin_delete", lambda: deployments.begin_delete("pipeline", NAME).result())
    life.step("batch_endpoints", "begin_delete", lambda: endpoints.begin_delete(NAME).result())


def scripted(client, place):
    client.environments.create_or_update(place.environment("plain"))
    return ModelBatchDeployment(
        name="script",
        endpoint_name=NAME,
        description="lengths",
        model=Model(name="batch-model", version="1", path=str(place.model), type="custom_model"),
        code_configuration=CodeConfiguration(code=str(place.batch), scoring_script="batch.py"),
        environment="azureml:plain:1",
        compute="cluster",
        settings=ModelBatchDeploymentSettings(
            mini_batch_size=1,
            instance_count=1,
            max_concurrency_per_instance=2,
            output_action=BatchDeploymentOutputAction.APPEND_ROW,
            output_file_name="lengths.csv",
            retry_settings=BatchRetrySettings(max_retries=1, timeout=60),
            environment_variables={"UNIT": "lines"},
            logging_level="info",
        ),
    )


def made_default(client, name):
    endpoint = client.batch_endpoints.get(NAME)
    endpoint.defaults.deployment_name = name
    made = client.batch_endpoints.begin_create_or_update(endpoint).result()
    check(made.defaults.deployment_name == name, "the default")


def shown(client):
    one = client.batch_deployments.get("script", NAME)
    check(one.mini_batch_size == 1, "mini_batch_size")
    check(one.output_file_name == "lengths.csv" and one.retry_settings.max_retries == 1, "its settings")
    check(one.environment_variables == {"UNIT": "lines"}, "its variables")


def local_folder(client, place):
    rows = {"rows": Input(type="uri_folder", path=str(place.data.parent))}
    job = client.batch_endpoints.invoke(NAME, deployment_name="script", inputs=rows)
    said = streamed(client, job.name)
    check("batchscoring" in said or "Execution Summary" in said, f"the log, not {said}")
    check(client.jobs.get(job.name).status == "Completed", "Completed")
    check(downloaded(client, place, job, "local", "lengths.csv") == "rows.csv 3 lines from here\n", "what the script gave")


def data_asset(client, place):
    client.data.create_or_update(Data(name="batch-rows", version="1", path=str(place.data), type="uri_file"))
    job = client.batch_endpoints.invoke(
        NAME,
        deployment_name="script",
        input=Input(type="uri_file", path="azureml:batch-rows:1"),
        job_name="named-by-me",
    )
    check(job.name == "named-by-me", "the name")
    check(ended(client, job).status == "Completed", "Completed")
    check(downloaded(client, place, job, "asset", "lengths.csv").startswith("rows.csv 3"), "what the script gave")


def chosen_output(client, place):
    path = "azureml://datastores/workspaceblobstore/paths/chosen/mine.csv"
    job = client.batch_endpoints.invoke(
        NAME,
        deployment_name="script",
        inputs={"rows": Input(type="uri_folder", path=str(place.data.parent))},
        outputs={"score": Output(type="uri_file", path=path)},
        experiment_name="nightly",
    )
    done = ended(client, job)
    check(done.status == "Completed" and done.experiment_name == "nightly", "its experiment")
    check(done.outputs["score"].path.endswith("chosen/mine.csv"), "its output")


def without_script(client, place):
    client.models.create_or_update(Model(name="batch-mlflow", path=str(place.mlflow_model), type="mlflow_model"))
    deployment = ModelBatchDeployment(
        name="mlflow", endpoint_name=NAME, model="azureml:batch-mlflow:1", compute="cluster",
        settings=ModelBatchDeploymentSettings(mini_batch_size=10),
    )
    client.batch_deployments.begin_create_or_update(deployment).result()
    rows = {"rows": Input(type="uri_folder", path=str(place.data.parent))}
    job = client.batch_endpoints.invoke(NAME, deployment_name="mlflow", inputs=rows)
    check(ended(client, job).status == "Completed", "Completed")
    told = downloaded(client, place, job, "mlflow", "predictions.csv")
    check(told == "0,2,rows.csv\n1,6,rows.csv\n", f"predictions, not {told}")
    script = Input(type="uri_file", path=str(place.code / "train.py"))
    refused = client.batch_endpoints.invoke(NAME, deployment_name="mlflow", inputs={"rows": script})
    check(ended(client, refused).status == "Failed", "what is no table and no picture ends the job")


def of_pipeline(client, place):
    file = place.root / "batch_hello.yml"
    file.write_text(PIPELINE)
    component = client.components.create_or_update(load_component(str(file)))
    deployment = PipelineComponentBatchDeployment(
        name="pipeline",
        endpoint_name=NAME,
        component=component.id,
        settings={"default_compute": "cluster", "continue_on_step_failure": "False"},
    )
    client.batch_deployments.begin_create_or_update(deployment).result()
    job = client.batch_endpoints.invoke(
        NAME,
        deployment_name="pipeline",
        inputs={
            "word": Input(type="string", default="hello"),
            "rows": Input(type="uri_folder", path=str(place.data.parent)),
        },
    )
    check(ended(client, job).status == "Completed", "Completed")
    client.jobs.download(job.name, download_path=str(place.downloads / "kept"), output_name="kept")
    kept = place.downloads / "kept" / "named-outputs" / "kept" / "rows.csv"
    check(kept.read_text() == place.data.read_text(), "what the pipeline kept")


def downloaded(client, place, job, folder, name):
    """The scores, which the client puts right into the folder it is given."""
    client.jobs.download(job.name, download_path=str(place.downloads / folder), output_name="score")
    files = [file for file in (place.downloads / folder).rglob(name)]
    check(len(files) == 1, f"one file {name} among {list((place.downloads / folder).rglob('*'))}")
    return files[0].read_text()

"""Environments, data, models and components: made from local files, found again, archived, downloaded."""

from azure.ai.ml import command, load_component
from azure.ai.ml.data_transfer import Database
from azure.ai.ml.entities import Data, DataImport, Model
from life import check
from mlclient.jobs import streamed

COMPONENT = """
$schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json
name: count_rows
version: "1"
type: command
inputs:
  data: {type: uri_file}
outputs:
  model: {type: uri_folder}
code: ./code
environment: azureml:plain:1
command: python train.py ${{inputs.data}} ${{outputs.model}}
"""


def live(life, client, place):
    environments(life, client, place)
    data(life, client, place)
    models(life, client, place)
    components(life, client, place)
    evaluators(life, client, place)


def found_again(life, group, operations, name, version):
    """What every kind of asset can do."""
    life.step(group, "get", lambda: check(operations.get(name, version=version).name == name, "name"))
    life.step(group, "get (label)", lambda: check(operations.get(name, label="latest").version == version, "latest"))
    life.step(group, "list", lambda: check(name in [one.name for one in operations.list()], "listed"))
    life.step(
        group, "list (versions)", lambda: check([one.version for one in operations.list(name)] == [version], "versions")
    )
    life.step(group, "archive", lambda: operations.archive(name, version=version))
    life.step(group, "restore", lambda: operations.restore(name, version=version))


def environments(life, client, place):
    life.step(
        "environments",
        "create_or_update",
        lambda: check(client.environments.create_or_update(place.environment("plain")).version == "1", "version"),
    )
    client.environments.create_or_update(place.scoring_environment())
    found_again(life, "environments", client.environments, "plain", "1")


def data(life, client, place):
    file = Data(name="rows", path=str(place.data), type="uri_file", tags={"kind": "rows"})
    life.step(
        "data", "create_or_update", lambda: check(client.data.create_or_update(file).version == "1", "version")
    )
    folder = Data(name="folder", path=str(place.data.parent), type="uri_folder")
    life.step("data", "create_or_update (folder)", lambda: client.data.create_or_update(folder))
    found_again(life, "data", client.data, "rows", "1")
    life.refusal(
        "data",
        "mount",
        lambda: client.data.mount("azureml:rows:1"),
        "the client wants azureml-dataprep-rslex, a file system driver, and does not come here without it",
        # The client fails over the making of its own error.
        of=("No module named 'azureml.dataprep'",),
    )
    life.refusal(
        "data",
        "import_data",
        lambda: imported(client),
        "its job fails: the component that reads databases is in Azure's own registry, which is not on this machine",
        of=("was not found in the registry 'azureml'",),
    )
    life.refusal(
        "data",
        "list_materialization_status",
        lambda: list(client.data.list_materialization_status("imported")),
        "not reachable: the client fails before it asks, over an argument that its own transport does not know",
        of=("unexpected keyword argument 'asset_name'",),
    )


def models(life, client, place):
    model = Model(name="local-model", path=str(place.model), type="custom_model", tags={"from": "here"})
    life.step("models", "create_or_update", lambda: check(client.models.create_or_update(model).version == "1", "version"))
    found_again(life, "models", client.models, "local-model", "1")

    def download():
        client.models.download("local-model", version="1", download_path=str(place.downloads / "models"))
        check(list((place.downloads / "models").rglob("model.txt")), "the file is there")

    life.step("models", "download", download)


def components(life, client, place):
    file = place.root / "component.yml"
    file.write_text(COMPONENT)
    component = load_component(str(file))
    life.step("components", "validate", lambda: check(client.components.validate(component).passed, "valid"))
    life.step("components", "create_or_update", lambda: client.components.create_or_update(component))
    found_again(life, "components", client.components, "count_rows", "1")
    life.step("components", "prepare_for_sign", lambda: signed(client, load_component(str(file)), place))
    life.step("components", "download", lambda: component_downloaded(client, place))
    life.refusal(
        "components",
        "download (with code)",
        lambda: client.components.download("count_rows", str(place.downloads / "with-code"), version="1"),
        "not reachable: the client reads code below blob.core.windows.net only, whatever the cloud",
        of=("Invalid code path",),
    )


def signed(client, component, place):
    client.components.prepare_for_sign(component)
    check(list(place.code.glob("catalog*")), "a list of the files with their hashes")


def component_downloaded(client, place):
    made = command(name="says", version="1", command="echo ${{inputs.word}}", inputs={"word": "a"}, environment="azureml:plain:1")
    client.components.create_or_update(made.component)
    target = place.downloads / "component"
    client.components.download("says", str(target), version="1")
    check("echo" in (target / "component_spec.yaml").read_text(), "the component")


def imported(client):
    source = Database(connection="azureml:a-server", query="select 1")
    wanted = DataImport(name="imported", source=source, path="azureml://datastores/workspaceblobstore/paths/imported")
    job = client.data.import_data(wanted)
    streamed(client, job.name)


def evaluators(life, client, place):
    model = Model(name="judge", version="1", path=str(place.model), type="custom_model")
    group = client.evaluators
    life.step("evaluators", "create_or_update", lambda: check(group.create_or_update(model).version == "1", "version"))
    life.step("evaluators", "get", lambda: check(group.get("judge", version="1").name == "judge", "name"))
    life.step("evaluators", "list", lambda: check([one.version for one in group.list("judge")] == ["1"], "only what is one"))
    life.step("evaluators", "list (a model)", lambda: check(not list(group.list("local-model")), "a model is none"))

    def download():
        group.download("judge", "1", str(place.downloads / "evaluators"))
        check(list((place.downloads / "evaluators").rglob("model.txt")), "the file is there")

    life.step("evaluators", "download", download)

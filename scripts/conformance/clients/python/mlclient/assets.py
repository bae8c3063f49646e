"""Environments, data, models and components: made from local files, found again, archived, downloaded."""

from azure.ai.ml import load_component
from azure.ai.ml.entities import Data, Model
from life import check

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
    life.leave_out("data", "mount", "it needs a file system driver (azureml-dataprep)")
    life.leave_out("data", "import_data list_materialization_status", "no outside databases are reached")


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
    life.leave_out("components", "prepare_for_sign download", "they concern registries")

"""Registries: what a workspace shares, and what it takes from there."""

from azure.ai.ml import Input, MLClient, command, dsl, load_component
from azure.ai.ml.entities import Data, DeploymentTemplate, Model, Registry, RegistryRegionDetails
from azure.identity import DefaultAzureCredential
from life import check
from mlclient.assets import found_again
from mlclient.jobs import ended, training

WHERE = "not reachable: the client asks a host below api.azureml.ms, whatever the cloud"
SHARED = "azureml://registries/shared"
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
environment: azureml://registries/shared/environments/shared-plain/versions/1
command: python train.py ${{inputs.data}} ${{outputs.model}}
"""


def live(life, client, place):
    group = client.registries
    if not life.step("registries", "begin_create", lambda: group.begin_create(registry()).result()):
        return
    life.step("registries", "list", lambda: check("shared" in [one.name for one in group.list()], "listed"))
    life.step("registries", "get", lambda: check(group.get("shared").location == "local", "location"))
    share(life, client)
    there = life.step("registries", "MLClient(registry_name)", lambda: MLClient(DefaultAzureCredential(), registry_name="shared"))
    if there:
        keep(life, there, place)
        use(life, client, there, place)
        deployment_templates(life, there)
    life.step("registries", "begin_delete", lambda: deleted(client))


def registry():
    region = RegistryRegionDetails(location="local")
    return Registry(name="shared", location="local", replication_locations=[region])


def share(life, client):
    target = {"registry_name": "shared", "share_with_version": "1"}
    model = {**target, "share_with_name": "shared-model"}
    life.step("models", "share", lambda: check(client.models.share("local-model", "1", **model).version == "1", "shared"))
    rows = {**target, "share_with_name": "shared-rows"}
    life.step("data", "share", lambda: client.data.share("rows", "1", **rows))
    plain = {**target, "share_with_name": "shared-plain"}
    life.step("environments", "share", lambda: client.environments.share("plain", "1", **plain))


def keep(life, there, place):
    """What a registry itself is given, and gives back."""
    model = Model(name="kept", version="1", path=str(place.model), type="custom_model")
    life.step("registry models", "create_or_update", lambda: there.models.create_or_update(model))
    found_again(life, "registry models", there.models, "kept", "1")

    def download():
        there.models.download("shared-model", version="1", download_path=str(place.downloads / "registry"))
        check(list((place.downloads / "registry").rglob("model.txt")), "the file that was shared")

    life.step("registry models", "download", download)
    file = Data(name="kept-rows", version="1", path=str(place.data), type="uri_file")
    life.step("registry data", "create_or_update", lambda: there.data.create_or_update(file))
    found_again(life, "registry data", there.data, "kept-rows", "1")
    environment = place.environment("kept-plain")
    environment.version = "1"
    life.step("registry environments", "create_or_update", lambda: there.environments.create_or_update(environment))
    found_again(life, "registry environments", there.environments, "kept-plain", "1")
    yaml = place.root / "registry-component.yml"
    yaml.write_text(COMPONENT)
    life.step(
        "registry components", "create_or_update", lambda: there.components.create_or_update(load_component(str(yaml)))
    )
    found_again(life, "registry components", there.components, "count_rows", "1")


def use(life, client, there, place):
    """Jobs of the workspace with what the registry has."""

    def job():
        rows = f"{SHARED}/data/shared-rows/versions/1"
        wanted = training(place, rows, f"{SHARED}/environments/shared-plain/versions/1")
        check(ended(client, client.jobs.create_or_update(wanted)).status == "Completed", "Completed")

    life.step("jobs", "create_or_update (registry environment and data)", job)

    def reading():
        model = Input(type="custom_model", path=f"{SHARED}/models/kept/versions/1")
        wanted = command(
            command="ls -R ${{inputs.model}} && grep 'from here' ${{inputs.model}}/model.txt",
            inputs={"model": model},
            environment=f"{SHARED}/environments/kept-plain/versions/1",
            compute="cluster",
        )
        check(ended(client, client.jobs.create_or_update(wanted)).status == "Completed", "Completed")

    life.step("jobs", "create_or_update (registry model)", reading)

    def pipeline():
        count = there.components.get("count_rows", version="1")

        @dsl.pipeline(name="from a registry", default_compute="cluster")
        def steps(rows):
            return {"model": count(data=rows).outputs.model}

        made = client.jobs.create_or_update(steps(Input(type="uri_file", path=f"{SHARED}/data/kept-rows/versions/1")))
        check(ended(client, made).status == "Completed", "Completed")

    life.step("jobs", "create_or_update (registry component)", pipeline)


def deleted(client):
    client.registries.begin_delete(name="shared").result()
    check("shared" not in [one.name for one in client.registries.list()], "gone")


def deployment_templates(life, there):
    """The client makes its address of a region's name below api.azureml.ms, and never comes here."""
    group = there.deployment_templates
    template = DeploymentTemplate(name="none", version="1", environment="azureml:plain:1")
    tries = {
        "list": lambda: list(group.list()),
        "get": lambda: group.get("none", version="1"),
        "create_or_update": lambda: group.create_or_update(template),
        "delete": lambda: group.delete("none", version="1"),
        "archive": lambda: group.archive("none", version="1"),
        "restore": lambda: group.restore("none", version="1"),
    }
    for name, action in tries.items():
        life.refusal("deployment_templates", name, action, WHERE, of=("ServiceRequestError",))

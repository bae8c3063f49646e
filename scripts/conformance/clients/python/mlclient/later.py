"""Groups that a workspace on one machine may lack: each is tried, so that the table turns by itself when one is there."""

import inspect

from azure.ai.ml import MLClient
from azure.ai.ml.constants import TimeZone
from azure.ai.ml.entities import (
    CronTrigger,
    JobSchedule,
    WorkspaceConnection,
)
from azure.ai.ml.entities import NoneCredentialConfiguration
from life import check
from mlclient.jobs import two_steps

# What has no meaning on one machine, or is not planned here.
OTHERS = {
    "azure_openai_deployments": lambda group: list(group.list("none")),
    "capability_hosts": lambda group: group.get("none"),
    "deployment_templates": lambda group: list(group.list()),
    "evaluators": lambda group: list(group.list("none")),
    "feature_sets": lambda group: list(group.list()),
    "feature_store_entities": lambda group: list(group.list()),
    "feature_stores": lambda group: list(group.list()),
    "indexes": lambda group: list(group.list("none")),
    "marketplace_subscriptions": lambda group: list(group.list()),
    "serverless_endpoints": lambda group: list(group.list()),
    "workspace_outbound_rules": lambda group: list(group.list("local")),
}


def live(life, client, place):
    schedules(life, client, place)
    connections(life, client)
    for name, look in OTHERS.items():
        first = "get" if name == "capability_hosts" else "list"
        life.step(name, first, lambda: look(getattr(client, name)), absent="not offered on one machine")
    for name, kind in groups():
        life.rest(name, kind)


def groups():
    """Every group of operations that the client has, with its class."""
    for name, member in inspect.getmembers(MLClient, lambda member: isinstance(member, property)):
        kind = inspect.signature(member.fget).return_annotation
        if inspect.isclass(kind) and kind.__name__.endswith("Operations"):
            yield name, kind


def schedules(life, client, place):
    schedule = JobSchedule(
        name="nightly",
        trigger=CronTrigger(expression="0 3 * * *", time_zone=TimeZone.UTC),
        create_job=two_steps(client, place),
    )
    group = client.schedules
    made = life.step(
        "schedules", "begin_create_or_update", lambda: group.begin_create_or_update(schedule).result(), absent=""
    )
    absent = None if made else ""
    life.step("schedules", "list", lambda: check("nightly" in [one.name for one in group.list()], "listed"))
    life.step("schedules", "get", lambda: check(group.get("nightly").is_enabled, "enabled"), absent=absent)
    life.step("schedules", "begin_disable", lambda: group.begin_disable("nightly").result(), absent=absent)
    life.step("schedules", "begin_enable", lambda: group.begin_enable("nightly").result(), absent=absent)
    life.step("schedules", "trigger", lambda: group.trigger("nightly"), absent=absent)
    life.step("schedules", "begin_delete", lambda: group.begin_delete("nightly").result(), absent=absent)


def connections(life, client):
    connection = WorkspaceConnection(
        name="a-server", type="git", target="https://example.org/git", credentials=NoneCredentialConfiguration()
    )
    group = client.connections
    life.step("connections", "list", lambda: list(group.list()))
    made = life.step("connections", "create_or_update", lambda: group.create_or_update(connection))
    absent = None if made else ""
    life.step("connections", "get", lambda: group.get("a-server"), absent=absent)
    life.step("connections", "delete", lambda: group.delete("a-server"), absent=absent)
    life.step("models", "package", lambda: package(client))


def package(client):
    from azure.ai.ml.entities import AzureMLOnlineInferencingServer, ModelPackage

    server = AzureMLOnlineInferencingServer()
    return client.models.package("local-model", "1", ModelPackage(target_environment="packed", inferencing_server=server))

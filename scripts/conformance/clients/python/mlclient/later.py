"""Groups that a workspace on one machine may lack: each is tried, so that the table turns by itself when one is there."""

import inspect

from azure.ai.ml import MLClient
from azure.ai.ml.entities import NoneCredentialConfiguration, WorkspaceConnection

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

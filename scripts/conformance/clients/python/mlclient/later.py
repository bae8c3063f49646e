"""Connections, and the groups of the client that one machine does not offer: each is tried, so that the table turns by itself."""

import inspect

from azure.ai.ml import MLClient
from azure.ai.ml.entities import ApiKeyConfiguration, FeatureStore, WorkspaceConnection
from life import check

# What has no meaning on one machine, or is not planned here.
OTHERS = {
    "capability_hosts": lambda group: group.get("none"),
    "feature_sets": lambda group: list(group.list()),
    "feature_store_entities": lambda group: list(group.list()),
    "indexes": lambda group: list(group.list("none")),
    "marketplace_subscriptions": lambda group: list(group.list()),
    "serverless_endpoints": lambda group: list(group.list()),
    "workspace_outbound_rules": lambda group: list(group.list("local")),
}


def live(life, client, place):
    connections(life, client)
    feature_stores(life, client)
    for name, look in OTHERS.items():
        first = "get" if name == "capability_hosts" else "list"
        life.refusal(name, first, lambda: look(getattr(client, name)), "not offered on one machine")
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
        name="a-server", type="custom", target="https://example.org/git", credentials=ApiKeyConfiguration(key="secret")
    )
    group = client.connections
    if not life.step("connections", "create_or_update", lambda: group.create_or_update(connection)):
        return
    life.step("connections", "list", lambda: check("a-server" in [one.name for one in group.list()], "listed"))

    def got():
        check(not group.get("a-server").credentials.key, "no secret")
        check(group.get("a-server", populate_secrets=True).credentials.key == "secret", "the secret")

    life.step("connections", "get", got)
    deployments = client.azure_openai_deployments
    life.refusal("azure_openai_deployments", "list", lambda: list(deployments.list("a-server")), "models of others are not asked")
    life.step("connections", "delete", lambda: group.delete("a-server"))
    life.refusal("models", "package", lambda: package(client), "images are not built on one machine")


def package(client):
    from azure.ai.ml.entities import AzureMLOnlineInferencingServer, ModelPackage

    server = AzureMLOnlineInferencingServer()
    return client.models.package("local-model", "1", ModelPackage(target_environment="packed", inferencing_server=server))


def feature_stores(life, client):
    """Of this kind a workspace has none, so what is asked of one by its name is told so."""
    group, none = client.feature_stores, FeatureStore(name="none", location="local")
    why = "a feature store needs Spark and a materialization store"
    not_one = {"of": ("is not a feature store", "not found")}
    life.step("feature_stores", "list", lambda: check(not list(group.list()), "there is none"))
    life.refusal("feature_stores", "begin_create", lambda: group.begin_create(none).result(), why)
    life.refusal("feature_stores", "get", lambda: group.get("none"), "there is none", **not_one)
    life.refusal("feature_stores", "begin_update", lambda: group.begin_update(none).result(), "there is none", **not_one)
    life.refusal("feature_stores", "begin_delete", lambda: group.begin_delete("none").result(), "there is none", **not_one)
    provision = lambda: group.begin_provision_network(feature_store_name=client.workspace_name).result()
    life.refusal("feature_stores", "begin_provision_network", provision, "there is no managed network on one machine")

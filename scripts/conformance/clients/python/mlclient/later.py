"""Connections, and the groups of the client that one machine does not offer: each is tried, so that the table turns by itself."""

import inspect

from azure.ai.ml import MLClient
from azure.ai.ml.entities import ApiKeyConfiguration, WorkspaceConnection
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
    for name, look in OTHERS.items():
        first = "get" if name == "capability_hosts" else "list"
        by_name(life, (name, first), lambda: look(getattr(client, name)), "not offered on one machine")
    life.step("evaluators", "list", lambda: list(client.evaluators.list("none")))
    life.step("feature_stores", "list", lambda: check(not list(client.feature_stores.list()), "there is none"))
    life.leave_out("deployment_templates", "list", "they are asked for at an address of Azure's, whatever the cloud")
    for name, kind in groups():
        life.rest(name, kind)


def by_name(life, step, action, why):
    """A refusal counts when the workspace says that it is its own; any other failure is one."""
    try:
        value = action()
    except Exception as error:
        failure = error
        is_own = "The embedded workspace" in str(error)
        life.step(*step, lambda: again(failure), refused=why if is_own else None)
        return
    life.step(*step, lambda: value, refused=why)


def again(error):
    raise error


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
    by_name(life, ("azure_openai_deployments", "list"), lambda: list(deployments.list("a-server")), "models of others are not asked")
    life.step("connections", "delete", lambda: group.delete("a-server"))
    by_name(life, ("models", "package"), lambda: package(client), "images are not built on one machine")


def package(client):
    from azure.ai.ml.entities import AzureMLOnlineInferencingServer, ModelPackage

    server = AzureMLOnlineInferencingServer()
    return client.models.package("local-model", "1", ModelPackage(target_environment="packed", inferencing_server=server))

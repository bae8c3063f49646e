"""The workspace itself, its computes and its datastores."""

from azure.ai.ml.entities import (
    AccountKeyConfiguration,
    AmlCompute,
    AzureBlobDatastore,
    ComputeInstance,
    KubernetesCompute,
    Workspace,
)
from life import check


def live(life, client):
    name = client.workspace_name
    life.step("workspaces", "get", lambda: check(client.workspaces.get(name).name == name, "name"))
    life.step("workspaces", "list", lambda: check(len(list(client.workspaces.list())) == 1, "one workspace"))
    life.step("workspaces", "get_keys", lambda: client.workspaces.get_keys(name))
    life.step("workspaces", "begin_sync_keys", lambda: client.workspaces.begin_sync_keys(name).result())
    life.step("workspaces", "begin_diagnose", lambda: client.workspaces.begin_diagnose(name).result())
    life.refusal(
        "workspaces",
        "begin_provision_network",
        lambda: client.workspaces.begin_provision_network(workspace_name=name).result(),
        "there is no managed network on one machine",
    )
    others(life, client)
    computes(life, client)
    datastores(life, client)


def others(life, client):
    """A workspace beside the first is made, changed, listed and deleted."""
    wanted = Workspace(name="another", location="local", display_name="Another", tags={"stage": "test"})
    life.step("workspaces", "begin_create", lambda: check(made(client, wanted).tags["stage"] == "test", "its tags"))
    life.step("workspaces", "list (two)", lambda: check(len(list(client.workspaces.list())) == 2, "two workspaces"))
    changed = Workspace(name="another", description="new")
    life.step(
        "workspaces",
        "begin_update",
        lambda: check(client.workspaces.begin_update(changed).result().description == "new", "its description"),
    )
    life.step(
        "workspaces",
        "begin_delete",
        lambda: client.workspaces.begin_delete("another", delete_dependent_resources=False).result(),
    )
    life.step("workspaces", "list (one)", lambda: check(len(list(client.workspaces.list())) == 1, "one workspace"))


def made(client, wanted):
    client.workspaces.begin_create(wanted).result()
    return client.workspaces.get(wanted.name)


def computes(life, client):
    cluster = AmlCompute(name="cluster", size="Standard_DS3_v2", min_instances=0, max_instances=2)
    made = life.step("compute", "begin_create_or_update", lambda: client.compute.begin_create_or_update(cluster).result())
    life.step("compute", "get", lambda: check(client.compute.get("cluster").max_instances == 2, "max_instances"))
    life.step("compute", "list", lambda: check("cluster" in [one.name for one in client.compute.list()], "listed"))
    if made is not None:
        made.max_instances = 3
        life.step("compute", "begin_update", lambda: client.compute.begin_update(made).result())
    life.step("compute", "list_nodes", lambda: list(client.compute.list_nodes("cluster")))
    life.step("compute", "list_sizes", lambda: list(client.compute.list_sizes()))
    life.step("compute", "list_usage", lambda: list(client.compute.list_usage()))
    instance = ComputeInstance(name="my-instance", size="Standard_DS3_v2")
    life.step(
        "compute",
        "begin_create_or_update (instance)",
        lambda: client.compute.begin_create_or_update(instance).result(),
    )
    life.step("compute", "begin_stop", lambda: client.compute.begin_stop("my-instance").result())
    life.step("compute", "begin_start", lambda: client.compute.begin_start("my-instance").result())
    life.step("compute", "begin_restart", lambda: client.compute.begin_restart("my-instance").result())
    life.step("compute", "enable_sso", lambda: single_sign_on(client))
    life.step("compute", "begin_attach", lambda: attached(client))
    life.step("compute", "begin_delete", lambda: client.compute.begin_delete("my-instance").result())


def single_sign_on(client):
    client.compute.enable_sso(name="my-instance", enable_sso=False)
    check(client.compute.get("my-instance").enable_sso is False, "without single sign-on")


def attached(client):
    """A cluster that is elsewhere is known by its id; nothing is asked of it."""
    id = f"/subscriptions/{client.subscription_id}/resourceGroups/a/providers/Microsoft.ContainerService/managedClusters/k"
    made = client.compute.begin_attach(KubernetesCompute(name="attached", resource_id=id, namespace="default")).result()
    check(made.resource_id == id, f"its id, not {made.resource_id}")


def datastores(life, client):
    store = AzureBlobDatastore(
        name="elsewhere",
        account_name="account",
        container_name="container",
        credentials=AccountKeyConfiguration(account_key="a2V5"),
    )
    life.step("datastores", "create_or_update", lambda: client.datastores.create_or_update(store))
    life.step("datastores", "get", lambda: check(client.datastores.get("elsewhere").account_name == "account", "account"))
    life.step("datastores", "get (with secrets)", lambda: client.datastores.get("elsewhere", include_secrets=True))
    life.step(
        "datastores", "get_default", lambda: check(client.datastores.get_default().name == "workspaceblobstore", "default")
    )
    life.step("datastores", "list", lambda: check(len(list(client.datastores.list())) == 5, "five datastores"))
    life.step("datastores", "delete", lambda: client.datastores.delete("elsewhere"))
    life.refusal(
        "datastores",
        "mount",
        lambda: client.datastores.mount("workspaceblobstore"),
        "the client wants azureml-dataprep-rslex, a file system driver, and does not come here without it",
        of=("azureml-dataprep-rslex",),
    )

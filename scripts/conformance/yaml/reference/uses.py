"""How the reference client reads and sends a file, by the use it is read for."""

import azure.ai.ml as ml
import azure.ai.ml.entities._load_functions as loading
import yaml
from azure.ai.ml.entities import DataImport


def _batch_deployment(file, **options):
    """As the command line chooses: by the word after `type`."""
    with open(file, encoding="utf-8") as stream:
        kind = (yaml.safe_load(stream) or {}).get("type")
    if kind == "model":
        return loading.load_model_batch_deployment(file, **options)
    if kind == "pipeline":
        return loading.load_pipeline_component_batch_deployment(file, **options)
    return ml.load_batch_deployment(file, **options)


def _data_import(file, **options):
    return loading.load_common(DataImport, file, **options)


LOADERS = {
    "job": ml.load_job,
    "component": ml.load_component,
    "environment": ml.load_environment,
    "model": ml.load_model,
    "data": ml.load_data,
    "dataImport": _data_import,
    "datastore": ml.load_datastore,
    "onlineEndpoint": ml.load_online_endpoint,
    "onlineDeployment": ml.load_online_deployment,
    "batchEndpoint": ml.load_batch_endpoint,
    "batchDeployment": _batch_deployment,
    "schedule": loading.load_schedule,
    "compute": ml.load_compute,
    "workspace": ml.load_workspace,
    "connection": loading.load_connection,
}

SENDERS = {
    "job": lambda client: client.jobs.create_or_update,
    "component": lambda client: client.components.create_or_update,
    "environment": lambda client: client.environments.create_or_update,
    "model": lambda client: client.models.create_or_update,
    "data": lambda client: client.data.create_or_update,
    "dataImport": lambda client: client.data.import_data,
    "datastore": lambda client: client.datastores.create_or_update,
    "onlineEndpoint": lambda client: client.online_endpoints.begin_create_or_update,
    "onlineDeployment": lambda client: client.online_deployments.begin_create_or_update,
    "batchEndpoint": lambda client: client.batch_endpoints.begin_create_or_update,
    "batchDeployment": lambda client: client.batch_deployments.begin_create_or_update,
    "schedule": lambda client: client.schedules.begin_create_or_update,
    "compute": lambda client: client.compute.begin_create_or_update,
    "connection": lambda client: client.connections.create_or_update,
}


def _workspace(entity):
    """The resource that the template makes of its parameters; what it creates beside is left out."""
    body = entity._to_rest_object().as_dict()
    body.pop("name", None)
    body.setdefault("identity", {"type": "SystemAssigned"})
    key = entity.customer_managed_key
    if key:
        others = {
            "cosmosDbResourceId": key.cosmosdb_id,
            "storageAccountResourceId": key.storage_id,
            "searchAccountResourceId": key.search_id,
        }
        body["properties"]["encryption"] = {
            "status": "Enabled",
            "keyVaultProperties": {"keyVaultArmId": key.key_vault, "keyIdentifier": key.key_uri},
            **{name: value for name, value in others.items() if value},
        }
    return body


def send(client, use, file, given, sent):
    """Reads the file and sends it; a workspace is created by a template, so its resource is noted instead."""
    options = {"params_override": [{key: value} for key, value in given.items()]} if given else {}
    entity = LOADERS[use](file, **options)
    if use == "workspace":
        sent.append({"method": "PUT", "path": "", "query": {}, "body": _workspace(entity)})
    else:
        SENDERS[use](client)(entity)

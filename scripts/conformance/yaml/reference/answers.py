"""What a workspace would answer: it has what a file refers to (no code and no component), and keeps what is sent."""

import json
import re
from urllib.parse import unquote, urlparse

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
WORKSPACE = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"
    "/providers/Microsoft.MachineLearningServices/workspaces/ws"
)
CONTAINER = "https://acct.blob.core.windows.net/c-random"

_WORKSPACE = {
    "id": WORKSPACE,
    "name": "ws",
    "location": "eastus",
    "identity": {"type": "SystemAssigned"},
    "properties": {
        "workspaceId": "11111111-1111-1111-1111-111111111111",
        "discoveryUrl": "https://discovery.invalid/",
        "storageAccount": WORKSPACE,
        "provisioningState": "Succeeded",
    },
}
_DATASTORE = {
    "datastoreType": "AzureBlob",
    "accountName": "acct",
    "containerName": "blobs",
    "endpoint": "core.windows.net",
    "protocol": "https",
    "isDefault": True,
    "credentials": {"credentialsType": "AccountKey"},
}
_UPLOAD = {
    "pendingUploadId": "u",
    "pendingUploadType": "TemporaryBlobReference",
    "blobReferenceForConsumption": {
        "blobUri": CONTAINER,
        "storageAccountArmId": "x",
        "credential": {"credentialType": "SAS", "sasUri": f"{CONTAINER}?sig=x&sp=racwl"},
    },
}
_VERSIONS = {
    "models": {"modelUri": "x", "flavors": {}},
    "environments": {"image": "x"},
    "data": {"dataType": "uri_file", "dataUri": "x"},
    "components": {
        "componentSpec": {
            "name": "c",
            "version": "7",
            "type": "command",
            "command": "echo",
            "environment": "azureml:e:1",
        }
    },
}
_JOB = {
    "jobType": "Pipeline",
    "displayName": "kept",
    "experimentName": "kept",
    "status": "Completed",
    "services": {},
    "inputs": {},
    "outputs": {},
    "settings": {},
    "jobs": {},
}

_DEPLOYMENT = {
    "endpointComputeType": "Managed",
    "instanceType": "x",
    "scaleSettings": {"scaleType": "Default"},
    "properties": {},
    "environmentVariables": {},
    "provisioningState": "Succeeded",
    "dataCollector": {
        "collections": {
            name: {"dataCollectionMode": "Enabled", "dataId": f"{WORKSPACE}/data/{name}/versions/7"}
            for name in ("model_inputs", "model_outputs", "app_traces")
        }
    },
}


def answer(method, url, body):
    """The status, the JSON and the headers of an answer."""
    address = urlparse(url)
    if ".blob." in address.netloc or ".dfs." in address.netloc or ".file." in address.netloc:
        return _storage(method, address.query)
    path = unquote(address.path)
    rest = path[len(WORKSPACE):] if path.startswith(WORKSPACE) else path
    if "startPendingUpload" in rest:
        return 200, _UPLOAD, {}
    if "listSecrets" in rest:
        return 200, {"secretsType": "Sas", "sasToken": "sig=abc"}, {}
    if method == "GET":
        return _found(path, rest)
    return 200, _kept(path, rest, json.loads(body) if body else {}), {}


def _storage(method, query):
    if method == "HEAD":
        return 404, None, {"x-ms-error-code": "BlobNotFound"}
    headers = {
        "ETag": '"1"',
        "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT",
        "x-ms-request-server-encrypted": "true",
    }
    return (200 if "comp=metadata" in query else 201), None, headers


def _kept(path, rest, body):
    kept = {**body, "id": path, "name": path.rsplit("/", 1)[-1], "type": "x", "systemData": {}}
    properties = dict(kept.get("properties") or {})
    if rest.startswith("/models/"):
        properties.setdefault("flavors", {})
    if rest.startswith("/jobs/"):
        properties.setdefault("services", {})
    if rest.startswith(("/onlineEndpoints", "/batchEndpoints", "/computes", "/schedules")):
        properties["provisioningState"] = "Succeeded"
    return {**kept, "properties": properties}


def _found(path, rest):
    if rest in ("", "/"):
        return 200, _WORKSPACE, {}
    for pattern, properties in _FOUND:
        match = re.fullmatch(pattern, rest)
        if match:
            return 200, _resource(path, properties(*match.groups())), {}
    match = re.fullmatch(r"/(models|environments|data|components)/[^/]+/versions", rest)
    if match:
        return 200, {"value": [_resource(f"{path}/7", _VERSIONS[match.group(1)])]}, {}
    if re.fullmatch(r"/codes/[^/]+/versions", rest):
        return 200, {"value": []}, {}
    if rest == "/datastores":
        return 200, {"value": [_resource(f"{path}/workspaceblobstore", _DATASTORE)]}, {}
    return 404, {"error": {"code": "UserError", "message": f"There is no {path}."}}, {}


_FOUND = [
    (r"/datastores/[^/]+", lambda: _DATASTORE),
    (r"/data/[^/]+", lambda: {"dataType": "uri_file", "latestVersion": "7", "nextVersion": "8"}),
    (r"/(models|environments|data)/[^/]+/versions/[^/]+", _VERSIONS.get),
    (
        r"/computes/[^/]+",
        lambda: {"computeType": "AmlCompute", "properties": {}, "provisioningState": "Succeeded"},
    ),
    (
        r"/(?:online|batch)Endpoints/[^/]+",
        lambda: {
            "authMode": "Key",
            "traffic": {},
            "mirrorTraffic": {},
            "properties": {},
            "provisioningState": "Succeeded",
        },
    ),
    (r"/onlineEndpoints/[^/]+/deployments/[^/]+", lambda: _DEPLOYMENT),
    (r"/jobs/[^/]+", lambda: _JOB),
]


def _resource(path, properties):
    name = path.rsplit("/", 1)[-1]
    base = {"id": path, "name": name, "type": "x", "systemData": {}, "location": "eastus", "tags": {}}
    base["sku"] = {"name": "Default", "capacity": 1}
    return {**base, "properties": properties}

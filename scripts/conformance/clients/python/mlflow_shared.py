"""The models of a registry, for which `mlflow.set_registry_uri` names one in place of the workspace."""

import os
import re
from pathlib import Path

import mlflow
import requests
from azure.identity import DefaultAzureCredential
from life import check
from mlflow.tracking import MlflowClient

GROUP = "registered models of a registry"
NOT_REACHABLE = "not reachable: azureml-mlflow asks eastus.api.azureml.ms for a place to put files, whatever the cloud"


def live(life, folder, source):
    """`source` has a run's model."""
    uri = re.sub(r"/workspaces/[^/]+$", "/registries/common", os.environ["MLFLOW_TRACKING_URI"])
    made(uri)
    mlflow.set_registry_uri(uri)
    client = MlflowClient()
    try:
        models(life, client, source)
        files(life, client, folder)
    finally:
        mlflow.set_registry_uri(None)


def made(uri):
    """The registry itself is none of MLflow's."""
    host, id = re.match(r"\w+://([^/]+)/mlflow/v\d\.0(/.+)$", uri).groups()
    body = {"location": "local", "properties": {"regionDetails": [{"location": "local"}]}}
    url = f"https://{host}{id}?api-version=2025-12-01"
    requests.put(url, json=body, headers={"Authorization": f"Bearer {token(host)}"}, timeout=30).raise_for_status()


def token(host):
    return DefaultAzureCredential().get_token(f"https://{host}/.default").token


def models(life, client, source):
    life.step(GROUP, "create_registered_model", lambda: client.create_registered_model("s", {"a": "b"}, "shared"))
    life.step(GROUP, "create_model_version", lambda: check(client.create_model_version("s", source).version == "1", "version"))
    life.step(GROUP, "get_registered_model", lambda: check(client.get_registered_model("s").tags == {"a": "b"}, "tags"))
    life.step(GROUP, "search_registered_models", lambda: check([one.name for one in client.search_registered_models()] == ["s"], "one"))
    life.step(GROUP, "search_model_versions", lambda: check(len(client.search_model_versions("name = 's'")) == 1, "one"))
    life.step(GROUP, "update_model_version", lambda: client.update_model_version("s", "1", "described"))
    life.step(GROUP, "get_model_version", lambda: check(client.get_model_version("s", "1").description == "described", "text"))
    life.step(GROUP, "set_model_version_tag", lambda: client.set_model_version_tag("s", "1", "e", "f"))
    life.step(GROUP, "set_registered_model_alias", lambda: client.set_registered_model_alias("s", "best", "1"))
    life.step(
        GROUP, "get_model_version_by_alias", lambda: check(client.get_model_version_by_alias("s", "best").version == "1", "v")
    )


def files(life, client, folder):
    life.step(GROUP, "get_model_version_download_uri", lambda: client.get_model_version_download_uri("s", "1"))
    life.step(GROUP, "mlflow.artifacts.download_artifacts (models:/)", downloaded)
    here = (Path(folder) / "shared-model").resolve()
    here.mkdir(exist_ok=True)
    (here / "MLmodel").write_text("flavors: {}\n")
    life.refusal(
        GROUP,
        "create_model_version (local files)",
        lambda: client.create_model_version("s", f"file://{here}"),
        NOT_REACHABLE,
        of=("ServiceRequestError",),
    )
    life.step(GROUP, "delete_model_version", lambda: client.delete_model_version("s", "1"))
    life.step(GROUP, "delete_registered_model", lambda: client.delete_registered_model("s"))


def downloaded():
    place = Path(mlflow.artifacts.download_artifacts("models:/s/1"))
    check((place / "MLmodel").exists(), "its files")

"""azure-ai-ml: the life of a data scientist's MLClient. Told where the workspace is by environment variables only."""

import os
import sys
import warnings

warnings.filterwarnings("ignore")

from azure.ai.ml import MLClient  # noqa: E402
from azure.identity import DefaultAzureCredential  # noqa: E402
from life import Life  # noqa: E402
from mlclient import assets, batch, endpoints, jobs, later, registries, schedules, workspace  # noqa: E402
from mlclient.place import Place  # noqa: E402


def main(folder):
    client = MLClient(
        DefaultAzureCredential(),
        os.environ["AZURE_SUBSCRIPTION_ID"],
        os.environ["AZURE_RESOURCE_GROUP"],
        os.environ["AZUREML_WORKSPACE"],
    )
    life = Life("azure-ai-ml")
    place = Place(folder)
    workspace.live(life, client)
    assets.live(life, client, place)
    jobs.live(life, client, place)
    endpoints.live(life, client, place)
    batch.live(life, client, place)
    registries.live(life, client, place)
    schedules.live(life, client, place)
    later.live(life, client, place)


main(sys.argv[1])

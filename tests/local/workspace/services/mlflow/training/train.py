"""Uses MLflow as people do; what it prints is compared by the test."""

import json
import os
import sys
from pathlib import Path

import mlflow
import mlflow.sklearn
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge

model_folder = sys.argv[1]
said = {}
mlflow.autolog(log_models=False, silent=True)
features, target = load_diabetes(return_X_y=True, as_frame=True)

with mlflow.start_run() as run:
    said["run"] = run.info.run_id
    model = Ridge(alpha=0.5).fit(features, target)
    for step in range(20):
        mlflow.log_metric("loss", 1.0 / (step + 1), step=step)
    mlflow.log_metrics({"rmse": 54.5, "r2": 0.5})
    mlflow.log_params({"rows": len(features)})
    mlflow.set_tags({"team": "night shift"})
    mlflow.log_text("hello", "notes/a.txt")
    mlflow.sklearn.save_model(model, model_folder)
    mlflow.log_artifacts(model_folder, artifact_path="model")
    with mlflow.start_run(nested=True, run_name="fold"):
        mlflow.log_metric("fold_rmse", 55)
    version = mlflow.register_model(f"runs:/{run.info.run_id}/model", "diabetes-from-job", await_registration_for=0)
    said["version"] = version.version

client = mlflow.MlflowClient()
said["history"] = len(client.get_metric_history(run.info.run_id, "loss"))
said["files"] = sorted(item.path for item in client.list_artifacts(run.info.run_id, "model"))
said["downloaded"] = Path(mlflow.artifacts.download_artifacts(f"runs:/{run.info.run_id}/notes/a.txt")).read_text()
said["registered"] = sorted(
    file.name for file in Path(mlflow.artifacts.download_artifacts("models:/diabetes-from-job/1")).iterdir()
)
try:
    client.get_run("somebody-elses")
except mlflow.exceptions.MlflowException as error:
    said["missing"] = error.error_code
print("SAID " + json.dumps(said), flush=True)

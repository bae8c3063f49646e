"""Answers scoring requests: {"data": [{"age": 59, "sex": 2, ...}, ...]} gives {"predictions": [...]}."""

import json
import os
from pathlib import Path

import pandas as pd

model = None


def init():
    """Called once when the deployment starts. AZUREML_MODEL_DIR is the folder of the model version."""
    global model
    import mlflow.sklearn

    folder = Path(os.environ["AZUREML_MODEL_DIR"])
    found = sorted(folder.rglob("MLmodel"))
    if not found:
        raise FileNotFoundError(f"there is no MLflow model below {folder}")
    model = mlflow.sklearn.load_model(str(found[0].parent))
    print(f"model loaded from {found[0].parent}")


def run(raw_data):
    """Called for each request."""
    try:
        rows = rows_in(raw_data, list(model.feature_names_in_))
    except ValueError as error:
        return refused(str(error))
    return {"predictions": [round(float(value), 3) for value in model.predict(rows)]}


def rows_in(raw_data, features):
    """The rows of a request as a table in the order the model knows; ValueError says what is wrong."""
    try:
        data = json.loads(raw_data)["data"]
    except (ValueError, KeyError, TypeError):
        raise ValueError("the body must be JSON with a list 'data' of rows") from None
    if not isinstance(data, list) or not data or not all(isinstance(row, dict) for row in data):
        raise ValueError("'data' must be a list with at least one row of named values")
    for number, row in enumerate(data, start=1):
        missing = [name for name in features if not is_number(row.get(name))]
        if missing:
            raise ValueError(f"row {number} has no number for {', '.join(missing)}")
    return pd.DataFrame(data, columns=features).astype(float)


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def refused(reason):
    """A wrong request is the caller's mistake: status 400, not 500."""
    from azureml_inference_server_http.api.aml_response import AMLResponse

    return AMLResponse({"error": reason}, 400, json_str=True)

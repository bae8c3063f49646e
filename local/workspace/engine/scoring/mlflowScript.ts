import { MLFLOW_MODEL } from '../mlflow/modelScript.ts';

/** The scoring script for MLflow models without one: Azure's request format over `mlflow.pyfunc`. */
export const MLFLOW_SCRIPT_NAME = 'mlflow_score.py';

export const MLFLOW_SCRIPT = String.raw`
import json
import os

import mlflow.pyfunc
import numpy
import pandas
from azureml_inference_server_http.api.aml_response import AMLResponse
from mlflow.exceptions import MlflowException

${MLFLOW_MODEL}


def run(raw_data):
    try:
        data, params = read_request(json.loads(raw_data))
    except (ValueError, TypeError, KeyError) as error:
        return refusal("The request cannot be read: %s" % error)
    try:
        return to_json(model.predict(data, params=params) if params else model.predict(data))
    except MlflowException as error:
        # Data that the model's signature does not allow is the caller's fault, anything else the model's.
        if error.get_http_status_code() == 400:
            return refusal(error.message)
        raise


def refusal(message):
    return AMLResponse(json.dumps({"message": message}), 400)


def read_request(body):
    if not isinstance(body, dict) or "input_data" not in body:
        raise ValueError('the body must be an object with the key "input_data"')
    return to_model_input(body["input_data"]), body.get("params")


def to_model_input(value):
    if isinstance(value, dict) and "data" in value and "columns" in value:
        return typed_frame(pandas.DataFrame(value["data"], index=value.get("index"), columns=value["columns"]))
    if isinstance(value, dict) and "data" in value:
        return to_model_input(value["data"])
    if is_tensor_model():
        if isinstance(value, dict):
            return {name: numpy.asarray(item) for name, item in value.items()}
        return numpy.asarray(value)
    if isinstance(value, list):
        columns = signature_inputs.input_names() if signature_inputs and signature_inputs.has_input_names() else None
        named = value and isinstance(value[0], dict)
        return typed_frame(pandas.DataFrame(value, columns=None if named else columns))
    return value


def to_json(result):
    if isinstance(result, pandas.DataFrame):
        return json.loads(result.to_json(orient="records"))
    if isinstance(result, pandas.Series):
        return json.loads(result.to_json(orient="values"))
    if isinstance(result, dict):
        return {name: to_json(item) for name, item in result.items()}
    if isinstance(result, (numpy.ndarray, numpy.generic)):
        return result.tolist()
    if isinstance(result, (list, tuple)):
        return [to_json(item) for item in result]
    return result
`.trimStart();

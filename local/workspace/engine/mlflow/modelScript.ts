/** The part of Python scripts over an MLflow model that finds it, loads it and gives tables the types it was trained with. */
export const MLFLOW_MODEL = String.raw`
model = None
signature_inputs = None


def init():
    global model, signature_inputs
    model = mlflow.pyfunc.load_model(model_folder())
    signature = model.metadata.signature
    signature_inputs = signature.inputs if signature else None


def model_folder():
    root = os.environ["AZUREML_MODEL_DIR"]
    for folder, _, files in sorted(os.walk(root, followlinks=True), key=lambda entry: entry[0].count(os.sep)):
        if "MLmodel" in files:
            return folder
    raise FileNotFoundError("There is no MLmodel file below " + root)


def is_tensor_model():
    return bool(signature_inputs) and signature_inputs.is_tensor_spec()


def typed_frame(frame):
    """Text and JSON do not say which kind of number they mean; the signature says which one the model was trained with."""
    if not signature_inputs or is_tensor_model():
        return frame
    for column in signature_inputs.inputs:
        if column.name in frame.columns and hasattr(column.type, "to_numpy"):
            kind = column.type.to_numpy()
            if kind.kind in "fiub" and frame[column.name].notna().all():
                frame[column.name] = frame[column.name].astype(kind)
    return frame
`.trim();

"""Trains the model and leaves it, with its numbers, in the Azure ML run."""

import argparse
import os
import tempfile

import mlflow
import mlflow.sklearn
import pandas as pd
import sklearn
from mlflow.models import infer_signature

import dataset
import regression


def main(data, alpha, model_folder):
    train, test = dataset.split(dataset.read(data))
    print(f"{len(train)} rows to train on, {len(test)} to test on, alpha {alpha:g}", flush=True)
    mlflow.log_params({"alpha": alpha, "algorithm": "ridge"})
    for fold, rmse in enumerate(regression.cross_validate(train, alpha), start=1):
        print(f"fold {fold} of 5: rmse {rmse:.2f}", flush=True)
        mlflow.log_metric("fold_rmse", rmse, step=fold)

    model = regression.fit(train, alpha)
    predicted = model.predict(test[dataset.FEATURES])
    measured = regression.measure(list(test[dataset.TARGET]), list(predicted))
    mlflow.log_metrics({**measured, "test_rows": len(test), "train_rows": len(train)})
    print("  ".join(f"{name} {value:.3f}" for name, value in measured.items()), flush=True)

    save(model, train, model_folder)
    log_report(model, test, predicted)


def save(model, train, folder):
    mlflow.sklearn.save_model(
        model,
        folder,
        signature=infer_signature(train[dataset.FEATURES], model.predict(train[dataset.FEATURES])),
        pip_requirements=[
            f"mlflow=={mlflow.__version__}",
            f"pandas=={pd.__version__}",
            f"scikit-learn=={sklearn.__version__}",
        ],
    )
    print(f"model saved: {', '.join(sorted(os.listdir(folder)))}", flush=True)


def log_report(model, test, predicted):
    """What a person may want to look at later: every prediction, and what the model learned."""
    with tempfile.TemporaryDirectory() as folder:
        test.assign(predicted=predicted).to_csv(os.path.join(folder, "predictions.csv"), index=False)
        weights = pd.DataFrame({"feature": dataset.FEATURES, "weight": model[-1].coef_})
        weights.to_csv(os.path.join(folder, "weights.csv"), index=False)
        mlflow.log_artifacts(folder, artifact_path="report")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="CSV file")
    parser.add_argument("--alpha", type=float, required=True, help="strength of the ridge penalty")
    parser.add_argument("--model", required=True, help="empty folder for the MLflow model")
    given = parser.parse_args()
    with mlflow.start_run():
        main(given.data, given.alpha, given.model)

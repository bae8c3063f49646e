"""Asks the live endpoint for two predictions. SCORING_URI and ENDPOINT_KEY come from the environment."""

import json
import os
import sys
import urllib.error
import urllib.request

ROWS = [
    {"age": 59, "sex": 2, "bmi": 32.1, "bp": 101, "tc": 157, "ldl": 93.2, "hdl": 38, "tch": 4, "ltg": 4.8598, "glu": 87},
    {"age": 48, "sex": 1, "bmi": 21.6, "bp": 87, "tc": 183, "ldl": 103.2, "hdl": 70, "tch": 3, "ltg": 3.8918, "glu": 69},
]


def ask(uri, key, rows):
    request = urllib.request.Request(
        uri,
        data=json.dumps({"data": rows}).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {key}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer), answer.headers.get("azureml-model-deployment")
    except urllib.error.HTTPError as error:
        sys.exit(f"{uri} answered {error.code}: {error.read().decode(errors='replace')[:500]}")


def main():
    uri = os.environ["SCORING_URI"]
    answer, deployment = ask(uri, os.environ["ENDPOINT_KEY"], ROWS)
    predictions = answer["predictions"]
    print(f"{uri} answered {predictions} from deployment {deployment}")
    # The first person is far more ill than the second, and no model worth its name says otherwise.
    if len(predictions) != 2 or not 400 > predictions[0] > predictions[1] > 0:
        sys.exit("these predictions cannot be right")


if __name__ == "__main__":
    main()

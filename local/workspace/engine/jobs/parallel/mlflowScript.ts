import { MLFLOW_MODEL } from '../../mlflow/modelScript.ts';

/** The entry script of batches over an MLflow model without one: one line `row,prediction,file` for every row of a table, or for every image. Rows of an MLTable have no file. */
export const MLFLOW_BATCH_SCRIPT = String.raw`
import csv
import io
import json
import os

import mlflow.pyfunc
import numpy
import pandas

TABLES = (".csv", ".parquet", ".pqt")
IMAGES = (".png", ".jpg", ".jpeg", ".tiff", ".bmp", ".gif")

class UnsupportedFile(Exception):
    """A file that no attempt will read: the whole job ends."""

    ends_the_job = True


${MLFLOW_MODEL}


def run(mini_batch):
    if isinstance(mini_batch, pandas.DataFrame):
        return lines(model.predict(typed_frame(mini_batch)), "")
    return [line for file in mini_batch for line in score(file)]


def score(file):
    name = os.path.basename(file)
    ending = os.path.splitext(file)[1].lower()
    if ending in TABLES:
        return lines(model.predict(typed_frame(read_table(file, ending))), name)
    if ending in IMAGES:
        return lines(model.predict(read_image(file)), name)
    raise UnsupportedFile("Error processing input file: '%s'. File type '%s' is not supported." % (file, ending.lstrip(".")))


def lines(predictions, name):
    return [as_line([row, as_text(value), name]) for row, value in enumerate(listed(predictions))]


def read_table(file, ending):
    return pandas.read_csv(file) if ending == ".csv" else pandas.read_parquet(file)


def read_image(file):
    from PIL import Image

    return numpy.asarray(Image.open(file))[numpy.newaxis, ...]


def listed(result):
    if isinstance(result, pandas.DataFrame):
        return result.to_dict(orient="records") if result.shape[1] != 1 else list(result.iloc[:, 0])
    return list(result)


def as_text(value):
    if isinstance(value, numpy.ndarray):
        value = value.tolist()
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(value, default=lambda item: item.item() if hasattr(item, "item") else str(item))
    return str(value)


def as_line(cells):
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()
`.trimStart();

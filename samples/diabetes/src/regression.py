"""The model and how good it is."""

import math

from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from dataset import FEATURES, TARGET


def build(alpha):
    """Ridge regression on scaled features; a larger alpha makes a duller model."""
    if not alpha > 0:
        raise ValueError(f"alpha must be above 0, not {alpha}")
    return make_pipeline(StandardScaler(), Ridge(alpha=alpha))


def fit(table, alpha):
    return build(alpha).fit(table[FEATURES], table[TARGET])


def measure(actual, predicted):
    """rmse, mae and r2 of predictions."""
    errors = [a - p for a, p in zip(actual, predicted)]
    if not errors:
        raise ValueError("there are no rows to measure on")
    mean = sum(actual) / len(errors)
    squares = sum(error**2 for error in errors)
    spread = sum((a - mean) ** 2 for a in actual)
    return {
        "rmse": math.sqrt(squares / len(errors)),
        "mae": sum(abs(error) for error in errors) / len(errors),
        "r2": 1 - squares / spread if spread > 0 else 0.0,
    }


def cross_validate(table, alpha, folds=5):
    """The rmse of each fold, one after the other."""
    for train, test in KFold(folds, shuffle=True, random_state=7).split(table):
        model = fit(table.iloc[train], alpha)
        held_out = table.iloc[test]
        yield measure(list(held_out[TARGET]), list(model.predict(held_out[FEATURES])))["rmse"]

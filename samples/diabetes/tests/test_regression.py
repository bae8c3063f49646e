import dataset
import pytest
import regression
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score


@pytest.fixture(scope="module")
def parts(table):
    return dataset.split(table)


def rmse_of(parts, alpha):
    train, test = parts
    predicted = regression.fit(train, alpha).predict(test[dataset.FEATURES])
    return regression.measure(list(test[dataset.TARGET]), list(predicted))["rmse"]


def test_the_model_is_better_than_always_saying_the_mean(parts):
    train, test = parts
    mean = [train[dataset.TARGET].mean()] * len(test)
    assert rmse_of(parts, 1.0) < 0.8 * regression.measure(list(test[dataset.TARGET]), mean)["rmse"]


def test_a_large_penalty_makes_the_model_worse(parts):
    assert rmse_of(parts, 1000.0) > 1.1 * rmse_of(parts, 1.0)


def test_training_twice_gives_the_same_model(parts):
    assert rmse_of(parts, 1.0) == rmse_of(parts, 1.0)


def test_the_measures_agree_with_scikit_learn():
    actual, predicted = [1.0, 2.0, 4.0, 8.0], [1.5, 2.5, 3.0, 9.0]
    measured = regression.measure(actual, predicted)
    assert measured["rmse"] == pytest.approx(mean_squared_error(actual, predicted) ** 0.5)
    assert measured["mae"] == pytest.approx(mean_absolute_error(actual, predicted))
    assert measured["r2"] == pytest.approx(r2_score(actual, predicted))


def test_nothing_to_measure_on_is_an_error():
    with pytest.raises(ValueError, match="no rows"):
        regression.measure([], [])


@pytest.mark.parametrize("alpha", [0, -1, float("nan")])
def test_an_alpha_that_makes_no_sense_is_refused(alpha):
    with pytest.raises(ValueError, match="alpha"):
        regression.build(alpha)


def test_cross_validation_gives_one_number_for_each_fold(parts):
    assert len(list(regression.cross_validate(parts[0], 1.0, folds=3))) == 3

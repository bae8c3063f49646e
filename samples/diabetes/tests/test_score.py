import json

import dataset
import pytest
import regression
import score


@pytest.fixture
def rows(table):
    return table[dataset.FEATURES].head(2).to_dict("records")


@pytest.fixture
def loaded(table, monkeypatch):
    model = regression.fit(table, 1.0)
    monkeypatch.setattr(score, "model", model)
    return model


def test_every_row_gets_a_prediction(loaded, table, rows):
    answer = score.run(json.dumps({"data": rows}))
    expected = loaded.predict(table[dataset.FEATURES].head(2))
    assert answer["predictions"] == pytest.approx(list(expected), abs=0.001)


def test_the_order_of_the_columns_does_not_matter(loaded, rows):
    turned = [dict(reversed(list(row.items()))) for row in rows]
    assert score.run(json.dumps({"data": turned})) == score.run(json.dumps({"data": rows}))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("no json", "must be JSON"),
        ("{}", "must be JSON"),
        ('{"data": []}', "at least one row"),
        ('{"data": [1]}', "at least one row"),
        ('{"data": [{"age": 50}]}', "row 1 has no number for sex, bmi"),
    ],
)
def test_a_wrong_request_says_what_is_wrong(body, reason):
    with pytest.raises(ValueError, match=reason):
        score.rows_in(body, dataset.FEATURES)

import dataset
import pytest


def changed(data_file, tmp_path, change):
    lines = data_file.read_text().splitlines()
    change(lines)
    path = tmp_path / "changed.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_the_data_in_this_repository_has_no_faults(data_file):
    assert dataset.faults(data_file) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("59,2,32.1", "59,2,", "line 2: bmi is '', not a number"),
        ("59,2,32.1", "59,2,nan", "line 2: bmi is 'nan', not a number"),
        ("59,2,32.1", "59,3,32.1", "line 2: sex is 3, outside 1 to 2"),
        ("59,2,32.1", "32.1", "line 2: 9 values instead of 11"),
    ],
)
def test_a_bad_value_is_named_with_its_line(data_file, tmp_path, old, new, fault):
    path = changed(data_file, tmp_path, lambda lines: lines.__setitem__(1, lines[1].replace(old, new, 1)))
    assert dataset.faults(path) == [fault]


def test_a_row_that_comes_twice_is_named(data_file, tmp_path):
    path = changed(data_file, tmp_path, lambda lines: lines.append(lines[1]))
    assert dataset.faults(path) == ["line 444: the same row as line 2"]


def test_other_columns_are_refused(data_file, tmp_path):
    path = changed(data_file, tmp_path, lambda lines: lines.__setitem__(0, lines[0].replace("bmi", "weight")))
    assert "the columns must be" in dataset.faults(path)[0]


def test_too_few_rows_are_refused(data_file, tmp_path):
    path = changed(data_file, tmp_path, lambda lines: lines.__delitem__(slice(50, None)))
    assert dataset.faults(path) == ["the file has 49 rows; at least 100 are needed"]


def test_every_row_is_in_exactly_one_part(table):
    train, test = dataset.split(table)
    assert len(train) + len(test) == len(table)
    assert not set(train.index) & set(test.index)
    assert 0.15 < len(test) / len(table) < 0.35


def test_the_split_does_not_depend_on_the_order_or_on_other_rows(table):
    _, test = dataset.split(table)
    _, again = dataset.split(table.sample(frac=0.5, random_state=1))
    assert set(again.index) <= set(test.index)

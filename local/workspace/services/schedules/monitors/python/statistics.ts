/** How far the rows of today are from those of before, and how many of them are faulty. */
export const STATISTICS = String.raw`
import numpy as np
import pandas as pd
from scipy import stats
from scipy.spatial import distance

BINS = 10
LEAST_SHARE = 1e-4
SMALLER_IS_WORSE = (
    'TwoSampleKolmogorovSmirnovTest', 'PearsonsChiSquaredTest', 'NormalizedDiscountedCumulativeGain')


def is_number(column):
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def kinds_of(reference, features, override):
    given = {name: kind.capitalize() for name, kind in (override or {}).items()}
    return {name: given.get(name, 'Numerical' if is_number(reference[name]) else 'Categorical') for name in features}


def shares(reference, production, kind):
    """The share of the rows in every bin or category, in both."""
    if kind == 'Numerical':
        inner = np.unique(np.quantile(reference, np.linspace(0, 1, BINS + 1)[1:-1]))
        edges = np.concatenate(([-np.inf], inner, [np.inf]))
        counts = [np.histogram(rows, edges)[0] for rows in (reference, production)]
    else:
        categories = sorted(set(reference) | set(production))
        counts = [rows.value_counts().reindex(categories, fill_value=0).to_numpy() for rows in (reference, production)]
    return counts, [count / max(count.sum(), 1) for count in counts]


def jensen_shannon(reference, production, kind):
    return distance.jensenshannon(*shares(reference, production, kind)[1], base=2)


def population_stability(reference, production, kind):
    before, now = (np.clip(share, LEAST_SHARE, None) for share in shares(reference, production, kind)[1])
    return float(np.sum((now - before) * np.log(now / before)))


def wasserstein(reference, production, kind):
    spread = np.std(reference)
    moved = stats.wasserstein_distance(reference, production)
    return moved / spread if spread > 0 else float(moved > 0)


def kolmogorov_smirnov(reference, production, kind):
    return stats.ks_2samp(reference, production).pvalue


def chi_squared(reference, production, kind):
    counts = np.array(shares(reference, production, kind)[0])
    return 1.0 if counts.shape[1] < 2 else stats.chi2_contingency(counts[:, counts.sum(axis=0) > 0]).pvalue


DRIFT = {
    'JensenShannonDistance': jensen_shannon,
    'PopulationStabilityIndex': population_stability,
    'NormalizedWassersteinDistance': wasserstein,
    'TwoSampleKolmogorovSmirnovTest': kolmogorov_smirnov,
    'PearsonsChiSquaredTest': chi_squared,
}


def plain(column, kind):
    column = column.dropna()
    if kind == 'Numerical':
        return pd.to_numeric(column, errors='coerce').dropna().astype(float)
    return column.astype(str)


def drift(metric, reference, production, kind):
    before, now = plain(reference, kind), plain(production, kind)
    return float(DRIFT[metric](before, now, kind)) if len(before) and len(now) else None


def null_rate(reference, production, kind):
    return production.isna().mean()


def type_error_rate(reference, production, kind):
    there = production.dropna()
    if kind == 'Numerical':
        wrong = pd.to_numeric(there, errors='coerce').isna()
    else:
        was_text = not is_number(reference)
        wrong = there.map(lambda value: isinstance(value, (int, float)) and not isinstance(value, bool)) if was_text else there.isna()
    return wrong.sum() / len(production)


def out_of_bounds_rate(reference, production, kind):
    before, now = plain(reference, kind), plain(production, kind)
    outside = (now < before.min()) | (now > before.max()) if kind == 'Numerical' else ~now.isin(set(before))
    return outside.sum() / len(production)


QUALITY = {'NullValueRate': null_rate, 'DataTypeErrorRate': type_error_rate, 'OutOfBoundsRate': out_of_bounds_rate}


def quality(metric, reference, production, kind):
    return float(QUALITY[metric](reference, production, kind)) if len(production) else None


def importances(table, features, target):
    """How much every feature says about the target, by a forest fitted to it."""
    from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor
    rows = table.dropna(subset=[target])
    columns = {name: rows[name] if is_number(rows[name]) else rows[name].astype(str).astype('category').cat.codes for name in features}
    inputs = pd.DataFrame(columns).astype(float).fillna(-1)
    answers = rows[target]
    kind = ExtraTreesRegressor if is_number(answers) and answers.nunique() > 20 else ExtraTreesClassifier
    forest = kind(n_estimators=50, random_state=0).fit(inputs, answers if kind is ExtraTreesRegressor else answers.astype(str))
    return dict(zip(features, (float(value) for value in forest.feature_importances_)))


def ranking_gain(before, now):
    from sklearn.metrics import ndcg_score
    names = list(before)
    return float(ndcg_score([[before[name] for name in names]], [[now[name] for name in names]]))
`;

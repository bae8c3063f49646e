/** Measures one signal of a monitor and holds it against its limits. */
export const SIGNALS = String.raw`
import json, os, sys
import pandas as pd
from reading import Unusable, read
from statistics_of_rows import SMALLER_IS_WORSE, drift, importances, kinds_of, quality, ranking_gain

NOT_FEATURES = ('correlationid', 'specversion', 'datacontenttype')


def sources(settings, places):
    """The rows of now, joined where they come in parts, and those of before."""
    now = [read(place, part.get('window')) for place, part in zip(places['production'], settings['production'])]
    before = read(places['reference'], settings['reference'].get('window'))
    joined = now[0]
    for part in now[1:]:
        keys = [settings.get('correlation'), 'correlationid']
        key = next((name for name in keys if name in joined and name in part), None)
        part = part[[name for name in part if name == key or name not in joined]]
        joined = joined.merge(part, on=key) if key else joined.join(part)
    return joined, before


def features_of(settings, now, before):
    filters = settings.get('features') or {}
    special = set(settings.get('columns') or []) | set(NOT_FEATURES)
    shared = [name for name in before if name in now and name not in special]
    kind = filters.get('filterType')
    if kind == 'FeatureSubset':
        missing = [name for name in filters['features'] if name not in now or name not in before]
        if missing:
            raise Unusable('The features %s are not in production and reference data.' % ', '.join(missing))
        return filters['features']
    if kind == 'TopNByAttribution':
        weights = importances(before, shared, target_in(settings, before))
        return sorted(shared, key=lambda name: -weights[name])[:filters.get('top') or 10]
    if not shared:
        raise Unusable('Production and reference data have no column in common.')
    return shared


def target_in(settings, table):
    target = settings.get('target')
    if target and target in table:
        return target
    raise Unusable("The reference data needs a column named as 'target_column' to tell how much a feature matters.")


def measured(settings, places):
    now, before = sources(settings, places)
    kind = settings['signalType']
    if kind == 'FeatureAttributionDrift':
        return attribution(settings, now, before)
    features = predictions(settings, now, before) if kind == 'PredictionDrift' else features_of(settings, now, before)
    kinds = kinds_of(before, features, settings.get('override'))
    measure = quality if kind == 'DataQuality' else drift
    return [
        line(name, limit, measure(limit['metric'], before[name], now[name], kinds[name]))
        for name in features
        for limit in settings['limits']
        if limit['dataType'] == kinds[name] and limit.get('metric')
    ]


def predictions(settings, now, before):
    named = [name for name in settings.get('predictions') or [] if name in now and name in before]
    return named or features_of(dict(settings, columns=[]), now, before)


def attribution(settings, now, before):
    target = target_in(settings, before)
    answers = target if target in now else next((name for name in settings.get('predictions') or [] if name in now), None)
    if answers is None:
        raise Unusable("The production data has no column of predictions; name it by 'target_column' or 'prediction_column'.")
    features = [name for name in features_of(settings, now, before) if name not in (target, answers)]
    gain = ranking_gain(importances(before, features, target), importances(now, features, answers))
    return [line('all', limit, gain) for limit in settings['limits']]


def line(group, limit, value):
    return {'group': group, 'metric_name': limit['metric'], 'metric_value': value, 'threshold_value': limit.get('value')}


def of_component(settings, place):
    """What a component of the user's own has measured."""
    table = read(place)
    limits = {limit['metric']: limit.get('value') for limit in settings['limits']}
    lines = []
    for row in table.to_dict('records'):
        metric = row.get('metric_name')
        own = row.get('threshold_value')
        limit = limits.get(metric) if limits.get(metric) is not None else own
        lines.append({'group': str(row.get('group')), 'metric_name': metric, 'metric_value': row.get('metric_value'), 'threshold_value': limit})
    return lines


def is_broken(one):
    value, limit = one['metric_value'], one['threshold_value']
    if value is None or limit is None or pd.isna(value) or pd.isna(limit):
        return False
    return value < limit if one['metric_name'] in SMALLER_IS_WORSE else value > limit


def main():
    settings = json.loads(os.environ['AZUREML_MONITOR_SIGNAL'])
    result, measures, reference, *production = [place for place in sys.argv[1:]]
    try:
        if measures:
            lines = of_component(settings, measures)
        else:
            lines = measured(settings, {'production': [place for place in production if place], 'reference': reference})
    except Unusable as problem:
        sys.exit('Signal %s: %s' % (settings['name'], problem))
    lines = [dict(one, breached=bool(is_broken(one))) for one in lines]
    print(pd.DataFrame(lines).to_string() if lines else 'Nothing was measured.')
    os.makedirs(result, exist_ok=True)
    with open(os.path.join(result, 'metrics.json'), 'w', encoding='utf-8') as file:
        json.dump(lines, file, default=float)


main()
`;

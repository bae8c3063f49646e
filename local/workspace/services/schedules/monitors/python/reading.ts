/** Reads a folder of data: an MLTable, or files of rows; with a window, only what was collected within it. */
export const READING = String.raw`
import datetime, fnmatch, glob, json, os, re
import pandas as pd

PARTITION = re.compile(r'(?:^|/)(\d{4})/(\d{2})/(\d{2})(?:/(\d{2})(?:/(\d{2}))?)?/')
ENDINGS = {'.csv': 'delimited', '.tsv': 'delimited', '.jsonl': 'json', '.json': 'json', '.parquet': 'parquet'}


class Unusable(Exception):
    """Said to the user as it is."""


def read(place, window=None):
    files, how = files_in(place)
    if window:
        files = within(files, place, window)
    tables = [table for table in (read_file(file, *how(file)) for file in sorted(files)) if len(table)]
    if not tables:
        when = ' between %s and %s' % (window['start'], window['end']) if window else ''
        raise Unusable('There are no rows%s in the data.' % when)
    return opened(pd.concat(tables, ignore_index=True), window)


def files_in(place):
    if os.path.isfile(place):
        return [place], by_ending
    description = os.path.join(place, 'MLTable')
    if os.path.isfile(description):
        return mltable(place, description)
    everything = glob.glob(os.path.join(place, '**', '*'), recursive=True)
    files = [file for file in everything if os.path.splitext(file)[1].lower() in ENDINGS]
    return files, by_ending


def by_ending(file):
    kind = ENDINGS.get(os.path.splitext(file)[1].lower(), 'delimited')
    return kind, {'delimiter': '\t'} if file.lower().endswith('.tsv') else {}


def mltable(place, description):
    import yaml
    with open(description, encoding='utf-8') as text:
        table = yaml.safe_load(text) or {}
    kind, options = None, {}
    for step in table.get('transformations') or []:
        name, given = (step, {}) if isinstance(step, str) else next(iter(step.items()))
        if name in ('read_delimited', 'read_json_lines', 'read_parquet'):
            kind = {'read_delimited': 'delimited', 'read_json_lines': 'json', 'read_parquet': 'parquet'}[name]
            options = given if isinstance(given, dict) else {}
        elif name not in ('convert_column_types', 'extract_columns_from_partition_format'):
            raise Unusable("The MLTable's transformation '%s' is not done on this machine." % name)
    files = []
    for entry in table.get('paths') or []:
        files += entry_files(place, *next(iter(entry.items())))
    return files, (lambda file: (kind, options)) if kind else by_ending


def entry_files(place, kind, path):
    if '://' in str(path):
        raise Unusable("The MLTable names '%s', which is outside its folder; copy the files beside it." % path)
    full = os.path.join(place, path)
    if kind == 'file':
        return [full]
    pattern = full if kind == 'pattern' else os.path.join(full, '**', '*')
    return [file for file in glob.glob(pattern, recursive=True) if os.path.isfile(file)]


def read_file(file, kind, options):
    if kind == 'json':
        with open(file, encoding='utf-8') as text:
            content = text.read()
        return pd.read_json(__import__('io').StringIO(content), lines=not content.lstrip().startswith('['), convert_dates=False)
    if kind == 'parquet':
        return pd.read_parquet(file)
    header = None if options.get('header') in (False, 'no_header') else 0
    return pd.read_csv(file, sep=options.get('delimiter', ','), header=header, encoding=options.get('encoding') or 'utf-8')


def within(files, place, window):
    start, end = (pd.Timestamp(window[edge]) for edge in ('start', 'end'))
    dated = {file: PARTITION.search(os.path.relpath(file, place).replace(os.sep, '/')) for file in files}
    if not any(dated.values()):
        if files:
            print('The data is in no folders of dates; all of it is looked at.')
        return files
    return [file for file, date in dated.items() if date and overlaps(date, start, end)]


def overlaps(date, start, end):
    year, month, day, hour, minute = (int(part) if part else None for part in date.groups())
    begin = pd.Timestamp(year, month, day, hour or 0, minute or 0, tz='UTC')
    length = pd.Timedelta(minutes=1) if minute is not None else pd.Timedelta(hours=1 if hour is not None else 24)
    return begin < end and begin + length > start


def opened(table, window):
    """What a deployment collects are CloudEvents, each with rows in its data."""
    if not {'specversion', 'data'} <= set(table.columns):
        return table
    if window and 'time' in table:
        times = pd.to_datetime(table['time'], utc=True, errors='coerce')
        table = table[times.isna() | ((times >= window['start']) & (times < window['end']))]
    rows = []
    for number, event in table.iterrows():
        data = event['data'] if isinstance(event['data'], list) else [event['data']]
        ids = str(event.get('correlationid', number))
        rows += [dict(row, correlationid='%s_%d' % (ids, place)) for place, row in enumerate(data)]
    if not rows:
        raise Unusable('There are no rows between %s and %s in the data.' % (window['start'], window['end']))
    return pd.DataFrame(rows)
`;

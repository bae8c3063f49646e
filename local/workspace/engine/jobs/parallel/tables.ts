/** Cuts the table that an MLTable describes into data frames, in the driver's Python; pandas is the job's own. */
export const TABLES = String.raw`
def table_batches(settings, place):
    frames = partitions(settings, read_table(place)) if settings['partitionKeys'] else slices(settings, read_table(place))
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'mini-batches')
    os.makedirs(folder, exist_ok=True)
    for index, (values, frame) in enumerate(frames):
        file = os.path.join(folder, '%d.pickle' % index)
        frame.to_pickle(file)
        yield {'index': index, 'table': file, 'items': len(frame), 'values': values}

def partitions(settings, table):
    keys = settings['partitionKeys']
    missing = [key for key in keys if key not in table.columns]
    if missing:
        raise ValueError('The table has no column %s, which partition_keys names.' % ', '.join(missing))
    for values, frame in table.groupby(keys, sort=False):
        values = values if isinstance(values, tuple) else (values,)
        yield dict(zip(keys, [str(value) for value in values])), frame.reset_index(drop=True)

def slices(settings, table):
    size = table.attrs['bytes'] / max(1, len(table))
    rows = max(1, int(settings['miniBatchSize'] / max(1, size)))
    for start in range(0, len(table), rows):
        yield {}, table.iloc[start:start + rows].reset_index(drop=True)

def read_table(place):
    import pandas
    with open(os.path.join(place, '.mltable.json'), encoding='utf-8') as file:
        steps = [(name, options) for step in json.load(file) for name, options in named(step)]
    files = [file for file in files_in(place) if os.path.basename(file) not in ('.mltable.json', 'MLTable')]
    frames = [read_file(file, os.path.relpath(file, place).replace(os.sep, '/'), steps) for file in files]
    table = pandas.concat(frames, ignore_index=True) if frames else pandas.DataFrame()
    for name, options in steps:
        table = after_step(table, name, options)
    table.attrs['bytes'] = sum(os.path.getsize(file) for file in files)
    return table

def named(step):
    return [(step, {})] if isinstance(step, str) else step.items()

def read_file(file, path, steps):
    import pandas
    readers = {
        'read_delimited': lambda options: pandas.read_csv(file, sep=options.get('delimiter', ','), encoding=ENCODINGS.get(options.get('encoding', 'utf8'), 'utf-8'), header=None if options.get('header') in ('no_header', False) else 0),
        'read_parquet': lambda options: pandas.read_parquet(file),
        'read_json_lines': lambda options: pandas.read_json(file, lines=True),
    }
    found = [(name, options) for name, options in steps if name in readers]
    if not found:
        raise ValueError('The MLTable has no read_delimited, read_parquet or read_json_lines, so it is no table; give the input the mode eval_mount.')
    frame = readers[found[0][0]](found[0][1] or {})
    for name, options in steps:
        if name == 'extract_columns_from_partition_format':
            for column, value in columns_in(path, options['partition_format']).items():
                frame[column] = value
    return frame

ENCODINGS = {'utf8': 'utf-8', 'iso88591': 'iso-8859-1', 'latin1': 'latin-1', 'ascii': 'ascii', 'utf16': 'utf-16', 'utf8bom': 'utf-8-sig', 'windows1252': 'cp1252'}

def columns_in(path, form):
    import re
    names = re.findall(r'\{(\w+)\}', form)
    pattern = '([^/]+)'.join(re.escape(part) for part in re.split(r'\{\w+\}', form.lstrip('./')))
    found = re.search('(?:^|/)' + pattern + '$', path)
    if not found or '{' in re.sub(r'\{\w+\}', '', form):
        raise ValueError('The path %s is not of the partition_format %s.' % (path, form))
    return dict(zip(names, found.groups()))

def after_step(table, name, options):
    if name in ('keep_columns', 'drop_columns'):
        columns = [options] if isinstance(options, str) else options
        return table[columns] if name == 'keep_columns' else table.drop(columns=columns)
    if name == 'take':
        return table.head(int(options if not isinstance(options, dict) else options['count']))
    if name in ('read_delimited', 'read_parquet', 'read_json_lines', 'extract_columns_from_partition_format'):
        return table
    raise ValueError('The embedded workspace does not know the transformation %s of an MLTable.' % name)
`;

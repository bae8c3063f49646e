/** The process of an entry script: calls it with what the driver sends, one line of JSON per mini-batch, and answers in lines. */
export const WORKER = String.raw`
def worker(settings, number, arguments):
    import importlib.util, inspect, traceback
    answers = os.fdopen(os.dup(1), 'w', encoding='utf-8')
    for stream, name in ((1, 'stdout'), (2, 'error')):
        folder = os.path.join('logs', 'user', name, '0')
        os.makedirs(folder, exist_ok=True)
        log = os.open(os.path.join(folder, 'process%03d.%s.txt' % (number, name)), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, stream)
    def answer(**content):
        answers.write(json.dumps(content) + '\n')
        answers.flush()
    script = settings['entryScript']
    sys.argv = [script] + arguments
    sys.path.insert(0, os.path.dirname(os.path.abspath(script)))
    try:
        spec = importlib.util.spec_from_file_location('entry_script', script)
        module = importlib.util.module_from_spec(spec)
        sys.modules['entry_script'] = module
        spec.loader.exec_module(module)
        if hasattr(module, 'init'):
            module.init()
        run = module.run
        takes_context = len(inspect.signature(run).parameters) > 1
    except BaseException:
        traceback.print_exc()
        answer(fatal=traceback.format_exc(limit=-3))
        return
    answer(ready=True)
    for line in sys.stdin:
        batch = MiniBatch(json.loads(line))
        try:
            data = batch.data()
            result = run(data, batch) if takes_context else run(data)
            rows = rows_of(result)
            answer(rows=rows)
        except Exception as error:
            traceback.print_exc()
            answer(**{'fatal' if getattr(error, 'ends_the_job', False) else 'error': traceback.format_exc(limit=-3)})
    if hasattr(module, 'shutdown'):
        try:
            module.shutdown()
        except Exception:
            traceback.print_exc()

class MiniBatch(list):
    """The paths of a mini-batch, or where its data frame is; it is also the context that run may ask for as its second argument."""
    def __init__(self, content):
        super().__init__(content.get('files', []))
        self.table = content.get('table')
        self.minibatch_index = str(content['index'])
        self.dataset_index = 0
        self.partition_key_value = content.get('values', {})
    def data(self):
        if self.table is None:
            return self
        import pandas
        return pandas.read_pickle(self.table)

def rows_of(result):
    if result is None:
        raise ValueError('run() must return a list, a tuple, an array or a data frame, and returned None.')
    if hasattr(result, 'to_csv'):
        text = result.to_csv(sep=' ', header=False, index=False)
        return [line for line in text.split('\n') if line]
    return [str(item) for item in result]
`;

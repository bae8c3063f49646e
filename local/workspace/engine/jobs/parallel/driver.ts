import { PLACES } from './places.ts';
import { TABLES } from './tables.ts';
import { WORKER } from './worker.ts';

const IMPORTS = 'import json, os, queue, subprocess, sys, threading, time\n';
const DRIVE = String.raw`
class Process:
    def __init__(self, number, command):
        self.child = subprocess.Popen(command + [str(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding='utf-8')
        self.answers = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()
    def read(self):
        for line in self.child.stdout:
            self.answers.put(json.loads(line))
        self.answers.put({'error': 'The process of the entry script ended.'})
    def take(self, timeout):
        try:
            return self.answers.get(timeout=timeout)
        except queue.Empty:
            return {'error': 'run() took longer than %s seconds.' % timeout, 'late': True}
    def send(self, batch):
        try:
            self.child.stdin.write(json.dumps(batch) + '\n')
            self.child.stdin.flush()
        except OSError:
            pass
    def end(self):
        try:
            self.child.stdin.close()
            self.child.wait(timeout=60)
        except Exception:
            self.child.kill()
    def kill(self):
        self.child.kill()
        self.child.wait()

class Driver:
    def __init__(self, settings, batches, command):
        self.settings, self.command, self.batches = settings, command, batches
        self.waiting = queue.Queue()
        for batch in self.batches:
            self.waiting.put(batch)
        self.rows, self.failed_items, self.failed_batches, self.done = {}, 0, 0, 0
        self.fatal = None
        self.lock = threading.Lock()
    def run(self):
        count = max(1, min(self.settings['workers'], len(self.batches)))
        threads = [threading.Thread(target=self.work, args=(number,)) for number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    def start(self, number):
        process = Process(number, self.command)
        first = process.answers.get()
        if 'ready' not in first:
            self.fatal = self.fatal or 'The entry script could not be started: ' + str(first.get('fatal') or first.get('error'))
            process.kill()
            return None
        return process
    def work(self, number):
        process = self.start(number)
        while process and not self.fatal:
            try:
                batch = self.waiting.get_nowait()
            except queue.Empty:
                break
            process = self.process_batch(process, number, batch)
        if process:
            process.end() if not self.fatal else process.kill()
    def process_batch(self, process, number, batch):
        error = ''
        for attempt in range(self.settings['maxRetries'] + 1):
            if self.fatal:
                return process
            process.send(batch)
            answer = process.take(self.settings['timeoutInSeconds'])
            if 'rows' in answer:
                self.finish(batch, answer['rows'])
                return process
            if 'fatal' in answer:
                self.fatal = self.fatal or last_line(answer['fatal'])
                return process
            error = answer['error']
            print('Mini-batch %d failed (attempt %d): %s' % (batch['index'], attempt + 1, last_line(error)), flush=True)
            if answer.get('late') or process.child.poll() is not None or 'process of the entry script ended' in error:
                process.kill()
                process = self.start(number)
                if process is None:
                    return None
        self.finish(batch, None, error)
        return process
    def finish(self, batch, rows, error=''):
        with self.lock:
            self.done += 1
            items = batch['items']
            if rows is None:
                self.failed_batches += 1
                self.failed_items += items
            else:
                self.rows[batch['index']] = rows
                self.failed_items += max(0, items - len(rows))
            if self.settings['loggingLevel'] == 'debug':
                print('Mini-batch %d holds %s.' % (batch['index'], content_of(batch)), flush=True)
            if self.settings['loggingLevel'] != 'warning':
                self.tell_progress(batch, rows)
            self.judge(error)
    def tell_progress(self, batch, rows):
        print('Mini-batch %d is %s; %d of %d are done.' % (batch['index'], 'processed' if rows is not None else 'given up', self.done, len(self.batches)), flush=True)
    def judge(self, error):
        last = last_line(error)
        why = ' The last error: ' + last if last else ''
        limit = self.settings['errorThreshold']
        if limit >= 0 and self.failed_items > limit:
            self.fatal = 'More items failed (%d) than error_threshold allows (%d).%s' % (self.failed_items, limit, why)
        limit = self.settings['miniBatchErrorThreshold']
        if limit >= 0 and self.failed_batches > limit:
            self.fatal = 'More mini-batches failed (%d) than mini_batch_error_threshold allows (%d).%s' % (self.failed_batches, limit, why)

def content_of(batch):
    if 'table' in batch:
        return '%d rows' % batch['items']
    return ', '.join(os.path.basename(name) for name in batch['files'])

def last_line(error):
    return error.strip().split('\n')[-1]

def files_in(place):
    if os.path.isfile(place):
        return [place]
    found = [os.path.join(folder, name) for folder, _, names in os.walk(place) for name in names]
    return sorted(found)

def file_batches(settings, files):
    size = settings['miniBatchSize']
    for at in range(0, len(files), size):
        part = files[at:at + size]
        yield {'index': at // size, 'files': part, 'items': len(part)}

def main():
    settings_file, data, rows_file, *arguments = sys.argv[1:]
    with open(settings_file, encoding='utf-8') as file:
        settings = json.load(file)
    if '--embedded-worker' in arguments:
        at = arguments.index('--embedded-worker')
        return worker(settings, int(arguments[at + 1]), arguments[:at])
    prepare_places(settings)
    if settings['table']:
        batches = list(table_batches(settings, data))
        what = '%d rows' % sum(batch['items'] for batch in batches)
    else:
        files = files_in(data)
        batches = list(file_batches(settings, files))
        what = '%d files' % len(files)
    command = [sys.executable, os.path.abspath(__file__), settings_file, data, rows_file] + arguments + ['--embedded-worker']
    driver = Driver(settings, batches, command)
    print('%s make %d mini-batches.' % (what, len(batches)), flush=True)
    driver.run()
    write_rows(rows_file, settings['rowsFile'], driver)
    os.makedirs('logs', exist_ok=True)
    summary = '%d of %d mini-batches processed, %d items failed.' % (len(driver.rows), len(driver.batches), driver.failed_items)
    with open(os.path.join('logs', 'job_result.txt'), 'w', encoding='utf-8') as file:
        file.write((driver.fatal or summary) + '\n')
    print(driver.fatal or summary, flush=True)
    sys.exit(1 if driver.fatal else 0)

def write_rows(place, name, driver):
    if place == '-':
        return
    if os.path.isdir(place):
        place = os.path.join(place, name)
    os.makedirs(os.path.dirname(place), exist_ok=True)
    with open(place, 'w', encoding='utf-8') as file:
        for index in sorted(driver.rows):
            for row in driver.rows[index]:
                file.write(row + '\n')

main()
`;

/**
 * What runs a parallel step in the job's own Python: cuts a folder into mini-batches of files, or a table into data frames, and hands them to processes
 * that call the entry script's `init()` once, `run(mini_batch)` for each, and `shutdown()` in the end.
 */
export const DRIVER = [IMPORTS, WORKER, PLACES, TABLES, DRIVE].join('');

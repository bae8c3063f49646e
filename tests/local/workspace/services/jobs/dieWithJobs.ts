import { availableParallelism } from 'node:os';
import { openLab, until } from './lab.ts';

/** A workspace that is killed while as many jobs run as can, and one waits. */
const [dataFolder = ''] = process.argv.slice(2);
const lab = await openLab({ dataFolder });
const running = Array.from({ length: Math.max(2, availableParallelism()) }, (_, index) => `running_${index}`);
for (const name of running)
  await lab.submit(name, { command: 'echo pid $$; sleep 300 & echo child $!; echo last words; wait' });
for (const name of running)
  await until(async () => /last words/.test(await lab.log(name)), `${name} to speak`);
await lab.submit('waiting', { command: 'echo ran after all' });
await lab.reached('waiting', 'Queued');
await lab.submit('cancelling', { command: 'true' });
process.kill(process.pid, 'SIGKILL');

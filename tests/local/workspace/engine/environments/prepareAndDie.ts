import { prepareEnvironment } from '../../../../../local/workspace/engine/environments/index.ts';

/** A process that is killed in the middle of making an environment. */
const [cacheFolder = '', condaFile = ''] = process.argv.slice(2);
await prepareEnvironment(
  { condaFile },
  {
    cacheFolder,
    onLog: (line) => {
      if (line.startsWith('Collecting') || line.startsWith('Processing'))
        process.kill(process.pid, 'SIGKILL');
    },
  },
);

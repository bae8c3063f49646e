import os from 'node:os';
import path from 'node:path';

/** Where this user's caches live, by the custom of the operating system. */
export function cacheFolder(): string {
  const home = os.homedir();
  switch (process.platform) {
    case 'win32':
      return path.join(
        process.env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'),
        'azureml-local',
        'Cache',
      );
    case 'darwin':
      return path.join(home, 'Library', 'Caches', 'azureml-local');
    default:
      return path.join(process.env.XDG_CACHE_HOME || path.join(home, '.cache'), 'azureml-local');
  }
}

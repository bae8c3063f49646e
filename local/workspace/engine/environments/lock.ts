import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';

/**
 * Holds an operating-system lock for as long as its standard input is open. Node has no such lock; the interpreter that
 * is about to be used has. When the holder is killed, the pipe closes and the lock is free again.
 */
const HOLD = `
import os, sys
handle = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o600)
def say(word):
    print(word, flush=True)
try:
    import fcntl
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say('waiting')
        fcntl.flock(handle, fcntl.LOCK_EX)
except ImportError:
    import msvcrt, time
    told = False
    while True:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            break
        except OSError:
            if not told:
                say('waiting')
                told = True
            time.sleep(0.5)
say('locked')
sys.stdin.read()
`;

export interface LockOptions {
  readonly python: string;
  readonly env: NodeJS.ProcessEnv;
  /** Called once when somebody else holds the lock. */
  readonly onWait: () => void;
  readonly signal?: AbortSignal | undefined;
}

/** Does the work while no other process of this machine does work under the same lock file. */
export async function withLock<T>(
  lockFile: string,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(path.dirname(lockFile), { recursive: true });
  const release = await acquire(lockFile, options);
  try {
    return await work();
  } finally {
    release();
  }
}

async function acquire(lockFile: string, options: LockOptions): Promise<() => void> {
  const holder = spawn(options.python, ['-I', '-c', HOLD, lockFile], {
    env: options.env,
    stdio: ['pipe', 'pipe', 'ignore'],
    ...(options.signal ? { signal: options.signal } : {}),
  });
  const failed = new Promise<never>((_, reject) => {
    holder.on('error', reject);
    holder.once('close', () => reject(new Error(`The lock ${lockFile} could not be taken.`)));
  });
  // The lock is held by now in most cases; its holder's end is of no interest then.
  failed.catch(() => undefined);
  holder.stdin.on('error', () => undefined);
  await Promise.race([untilLocked(holder.stdout, options.onWait), failed]);
  return () => holder.stdin.end();
}

async function untilLocked(output: NodeJS.ReadableStream, onWait: () => void): Promise<void> {
  for await (const line of createInterface({ input: output })) {
    if (line === 'locked') return;
    onWait();
  }
}

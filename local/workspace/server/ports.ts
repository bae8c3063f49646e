import net from 'node:net';
import { Problem } from '../../../shared/problem/index.ts';

const LOOPBACK = '127.0.0.1';

/**
 * The port to listen on. One asked for by name must be free; a kept one is used while it is free, so that addresses
 * stay the same over restarts, and otherwise another is chosen.
 */
export async function choosePort(asked: number | undefined, kept: number): Promise<number> {
  if (asked) {
    if (await isFree(asked)) return asked;
    throw new Problem({
      code: 'network',
      message: `Port ${asked} is in use by another program.`,
      next: 'Choose another port, or leave it out to have a free one chosen.',
    });
  }
  return kept !== 0 && (await isFree(kept)) ? kept : freePort();
}

async function isFree(port: number): Promise<boolean> {
  return probe(port).then(
    () => true,
    () => false,
  );
}

async function freePort(): Promise<number> {
  return probe(0);
}

function probe(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      const chosen = typeof address === 'object' && address ? address.port : port;
      server.close(() => resolve(chosen));
    });
  });
}

import { bearerJwt } from '../../src/api';
import { serveApi } from '../../src/api/api-process';

/** The API in a process of its own, as in production: prints where it is, and ends with its parent. */
async function main(keys: string): Promise<void> {
  const served = await serveApi({
    env: process.env,
    authenticate: await bearerJwt({
      keys: JSON.parse(keys) as { keys: readonly Readonly<Record<string, unknown>>[] },
      issuer: 'bench',
      audience: 'bench',
    }),
    port: 0,
    host: '127.0.0.1',
    log: { level: 'info', stream: process.stderr },
    page: null,
  });
  process.stdout.write(`${served.url}\n`);
  process.stdin.on('end', () => void served.close()).resume();
}

void main(process.argv[2] ?? '');

// Ends servers and removes their folders when the process that started them is gone, however it went: kill -9 included.
// It holds the other end of a pipe; the end of the pipe is the end of its owner. Plain Node: it runs unbuilt.
import { readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

const GRACE_MS = 4000;
const servers = new Map();
const folders = new Set();

// Its owner's terminal must not end it before its owner.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

const apply = {
  watch: ({ pid, signal }) => servers.set(pid, signal),
  forget: ({ pid }) => servers.delete(pid),
  keep: ({ folder }) => folders.add(folder),
  release: ({ folder }) => folders.delete(folder),
};

function send(pid, signal) {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** A dead process whose new parent never asked for its status stays listed as a zombie: it is as gone as can be. */
function isAlive(pid) {
  if (!send(pid, 0)) return false;
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}

async function end() {
  for (const [pid, signal] of servers) send(pid, signal);
  const deadline = Date.now() + GRACE_MS;
  while (Date.now() < deadline && [...servers.keys()].some(isAlive)) await delay(25);
  for (const pid of servers.keys()) if (isAlive(pid)) send(-pid, 'SIGKILL') || send(pid, 'SIGKILL');
  for (const folder of folders)
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  process.exit(0);
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const command = JSON.parse(line);
    apply[command.do](command);
  })
  .on('close', () => void end());

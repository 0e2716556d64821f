// Makes a fresh clone ready: installs what package-lock.json names when node_modules is missing or differs from it.
// Plain Node, nothing needed but npm. Everything it says goes to stderr: stdout belongs to the command that follows.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const lock = join(
  tmpdir(),
  `flow-credits-install-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`,
);

function say(line) {
  process.stderr.write(`${line}\n`);
}

function readJson(...path) {
  try {
    return JSON.parse(readFileSync(join(root, ...path), 'utf8'));
  } catch {
    return null;
  }
}

function checkNode() {
  const wanted = /\d+\.\d+/.exec(readJson('package.json')?.engines?.node ?? '')?.[0] ?? '20.19';
  const [wantedMajor, wantedMinor] = wanted.split('.').map(Number);
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  say(`This is Node ${process.versions.node}; ${wanted} or newer is needed: https://nodejs.org`);
  process.exit(1);
}

/** npm writes node_modules/.package-lock.json when an install is complete: what it lists is what is there. */
function isInstalled() {
  const wanted = readJson('package-lock.json')?.packages;
  const present = readJson('node_modules', '.package-lock.json')?.packages;
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.link) return true;
    if (present[path] === undefined) return Boolean(entry.optional || entry.devOptional || entry.peer);
    return present[path].version === entry.version;
  });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** One install at a time in this checkout. A lock whose owner died is taken over. */
function takeLock() {
  for (let told = false; ;) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'pid'), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    let owner = 0;
    try {
      owner = Number(readFileSync(join(lock, 'pid'), 'utf8'));
    } catch {
      // Its owner has just made it, or just removed it.
    }
    if (owner > 0 && !isAlive(owner)) rmSync(lock, { recursive: true, force: true });
    else if (owner > 0 && !told) {
      say('another process is installing here: waiting for it');
      told = true;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
}

function install() {
  say('installing what package-lock.json names (once; npm ci)');
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const options = { cwd: root, stdio: ['ignore', 2, 2] };
  const done = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (done.status === 0) return;
  say(`npm ci failed${done.error ? `: ${done.error.message}` : ''}: see above, then try again`);
  process.exitCode = 1;
}

checkNode();
if (!isInstalled()) {
  takeLock();
  try {
    if (!isInstalled()) install();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

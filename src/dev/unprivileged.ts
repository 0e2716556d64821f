import { execFile } from 'node:child_process';
import { chmod, chown, cp, link, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Who a server runs as. Empty: as we do. */
export type Identity = { readonly uid: number; readonly gid: number } | Record<string, never>;

/**
 * Postgres refuses to run as root. Where we are root it runs as the user `postgres`, or as `nobody`; neither is
 * created here: a development tool has no business adding users to a machine.
 */
export async function unprivileged(): Promise<Identity> {
  if (process.getuid?.() !== 0) return {};
  for (const user of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all(
        ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, user])).stdout.trim())),
      );
      if (uid !== undefined && gid !== undefined && uid > 0) return { uid, gid };
    } catch {
      // No such user here: the next.
    }
  }
  throw new Error('Postgres cannot run as root, and there is neither a user "postgres" nor "nobody" here');
}

/** Makes a folder that belongs to the identity alone. */
export async function makeOwnFolder(folder: string, identity: Identity): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ('uid' in identity) await chown(folder, identity.uid, identity.gid);
}

/** Whether the identity can execute the program where it is: root's checkout may be closed to others. */
export async function canExecute(program: string, identity: Identity): Promise<boolean> {
  return run(program, ['--version'], { ...identity, cwd: '/', timeout: 20_000 }).then(
    () => true,
    () => false,
  );
}

/** Whether the identity can enter the folder: a temporary folder of root's may be closed to others. */
export async function canEnter(folder: string, identity: Identity): Promise<boolean> {
  if (!('uid' in identity)) return true;
  return run('/bin/sh', ['-c', 'test -x "$0"', folder], { ...identity, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

/** A copy of a folder for others to read: by hard links where the disk is the same, which costs no space. */
export async function shareFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await shareFolder(source, target);
    else if (entry.isSymbolicLink()) await cp(source, target, { verbatimSymlinks: true });
    else await link(source, target).catch(() => cp(source, target));
  }
}

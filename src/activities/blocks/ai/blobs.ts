import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where media go: histories hold their names only. A platform with a store of its own brings it. */
export interface BlobStore {
  /** Keeps bytes and gives their name, `sha256:` and the digest in hex. The same bytes have the same name. */
  put(blob: BlobToKeep): Promise<string>;
}

/** What a media block made. */
export interface BlobToKeep {
  readonly team: string;
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

export function blobName(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** A folder of files named by their content: `ab/ab12…`. What is there already is not written again. */
export class FileBlobs implements BlobStore {
  constructor(private readonly folder: string) {}

  async put({ bytes }: BlobToKeep): Promise<string> {
    const name = blobName(bytes);
    const path = this.path(name);
    if (await isThere(path)) return name;
    await mkdir(join(path, '..'), { recursive: true });
    // Under its name it is whole or not there: two workers may write it at the same time, and each may be killed.
    const draft = `${path}.${randomUUID()}`;
    try {
      await writeFile(draft, bytes, { flag: 'wx' });
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    return name;
  }

  /** The bytes, or null if there are none of that name. */
  async get(name: string): Promise<Uint8Array | null> {
    if (!/^sha256:[0-9a-f]{64}$/.test(name)) return null;
    const path = this.path(name);
    return (await isThere(path)) ? readFile(path) : null;
  }

  private path(name: string): string {
    const digest = name.slice('sha256:'.length);
    return join(this.folder, digest.slice(0, 2), digest);
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

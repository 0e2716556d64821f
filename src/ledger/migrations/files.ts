import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Migration {
  /** Counts from 1 without gaps. */
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the text: an applied migration is never edited. */
  readonly checksum: string;
}

const NAME = /^(\d{4})_[a-z0-9_]+\.sql$/;

/** The numbered SQL files beside this one, in order; the build copies them to `dist`. */
export function migrationFiles(folder = __dirname): readonly Migration[] {
  const migrations = readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort()
    .map((name) => {
      const sql = textOf(folder, name);
      return {
        number: Number(name.slice(0, 4)),
        name,
        sql,
        checksum: createHash('sha256').update(sql).digest('hex'),
      };
    });
  const gap = migrations.find(({ number }, index) => number !== index + 1);
  if (gap) throw new Error(`migration "${gap.name}" is out of order: numbers count from 0001 without gaps`);
  return migrations;
}

/** What each role may do. Repeated after every migration, so that roles made later get their rights too. */
export function rightsSql(): string {
  return textOf(__dirname, 'rights.sql');
}

/** Line endings as they are in the repository, whatever a checkout made of them. */
function textOf(folder: string, name: string): string {
  return readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n');
}

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const packageSchema = z.object({ name: z.literal('temporal-flow-credits'), version: z.string() });

/** The version of this package, from the nearest `package.json` above: sources and their compilation lie unequally deep. */
export function packageVersion(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const text = readFileSync(join(folder, 'package.json'), 'utf8');
      const found = packageSchema.safeParse(JSON.parse(text));
      if (found.success) return found.data.version;
    } catch {
      // Further up.
    }
  }
  return 'unknown';
}

/**
 * What Postgres keeps in no text. One place: requests, cursors, tokens, flows and commands are held to it, for an
 * operation that the database refuses would be tried for ever.
 */
export function isKept(text: string): boolean {
  return !text.includes('\0');
}

const UNKEPT = 'has a NUL character, which is not kept';

/** Deeper than any flow or input needs, and shallow enough for everything that walks one. */
const DEPTH_MOST = 100;

/**
 * The first thing in a value that is not kept, and where: a text, a name, or nesting without end. Walks without
 * recursion: what comes in may nest as deep as it likes.
 */
export function unkeptIn(root: unknown): { readonly path: string; readonly message: string } | null {
  const open: { readonly value: unknown; readonly path: string; readonly depth: number }[] = [
    { value: root, path: '', depth: 0 },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path, depth } = next;
    if (typeof value === 'string') {
      if (!isKept(value)) return { path, message: UNKEPT };
      continue;
    }
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= DEPTH_MOST) return { path, message: `nests more than ${DEPTH_MOST} deep; flatten it` };
    if (Array.isArray(value)) {
      value.forEach((member: unknown, index) =>
        open.push({ value: member, path: `${path}[${index}]`, depth: depth + 1 }),
      );
      continue;
    }
    for (const [key, member] of Object.entries(value)) {
      const name = path === '' ? key : `${path}.${key}`;
      if (!isKept(key)) return { path: name, message: UNKEPT };
      open.push({ value: member, path: name, depth: depth + 1 });
    }
  }
  return null;
}

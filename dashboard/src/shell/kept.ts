import { useState } from 'react';

/**
 * Text that stays with this entry of the browser's history: who comes back to a view finds it as they left it. In the
 * entry and not in its address, which others get.
 */
export function useKept(name: string, initial: string): readonly [string, (text: string) => void] {
  const [text, setText] = useState(() => keptOf(name) ?? initial);
  return [
    text,
    (next) => {
      history.replaceState({ ...entryOf(history.state), [name]: next }, '');
      setText(next);
    },
  ];
}

function keptOf(name: string): string | null {
  const kept = entryOf(history.state)[name];
  return typeof kept === 'string' ? kept : null;
}

function entryOf(state: unknown): Readonly<Record<string, unknown>> {
  return typeof state === 'object' && state !== null ? { ...state } : {};
}

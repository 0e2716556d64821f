/** Activities of a platform's own test, and how often each was called. */
export function activities(): {
  calls: number;
  lookUp(id: string): Promise<string>;
  notify(): Promise<void>;
} {
  const all = {
    calls: 0,
    lookUp: (id: string): Promise<string> => {
      all.calls += 1;
      return Promise.resolve(`found ${id}`);
    },
    notify: (): Promise<void> => Promise.resolve(),
  };
  return all;
}

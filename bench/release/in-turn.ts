/** Does `count` things, so many at a time; their results in order. */
export async function inTurn<T>(
  count: number,
  atOnce: number,
  act: (index: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(atOnce, count) }, async () => {
      while (next < count) {
        const index = next;
        next += 1;
        results[index] = await act(index);
      }
    }),
  );
  return results;
}

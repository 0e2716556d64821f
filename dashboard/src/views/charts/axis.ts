/** Ticks of an axis of credits: four or five round steps from 0 to at least the highest amount. Millicredits. */
export function ticksTo(highest: bigint): readonly bigint[] {
  const step = roundStep(highest <= 0n ? 1000n : (highest + 3n) / 4n);
  const count = highest <= 0n ? 1n : (highest + step - 1n) / step;
  return Array.from({ length: Number(count) + 1 }, (_, index) => BigInt(index) * step);
}

/** The next of 1, 2, 5, 10, 20, 50 … */
function roundStep(least: bigint): bigint {
  for (let size = 1n; ; size *= 10n) {
    for (const factor of [1n, 2n, 5n]) if (size * factor >= least) return size * factor;
  }
}

/** The key of a charge in `Books.charges`. Run ids and block keys hold no line breaks. */
export function chargeKey(runId: string, key: string): string {
  return `${runId}\n${key}`;
}

/** Whether an import failed because a package is not installed: optional ones are loaded when they are first needed. */
export function isMissingPackage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND';
}

/** Which package an import failed for, by what Node says; null for any other error, a missing file of ours too. */
export function missingPackage(error: unknown): string | null {
  if (!isMissingPackage(error)) return null;
  return /Cannot find (?:module|package) '([^'./][^']*)'/.exec(String(error))?.[1] ?? null;
}

/** Whether an import failed because a package is not installed: optional ones are loaded when they are first needed. */
export function isMissingPackage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND';
}

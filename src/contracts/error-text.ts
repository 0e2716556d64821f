/** What an error is told by. Not by its class: those of the network may come from elsewhere. */
interface Told {
  readonly message?: unknown;
  readonly name?: unknown;
  readonly errors?: unknown;
}

/** What an error says. Where several addresses of a host were tried, Node's own error is empty, and holds one for each. */
export function messageOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { message, name, errors }: Told = error;
  if (message === '' && Array.isArray(errors) && errors.length > 0) return errors.map(messageOf).join('; ');
  if (typeof message !== 'string') return Object.prototype.toString.call(error);
  return message === '' && typeof name === 'string' ? name : message;
}

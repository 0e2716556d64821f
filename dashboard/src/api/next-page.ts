/** The path of `Link: <…>; rel="next"`. */
export function nextPage(link: string | null): string | null {
  const target = /<([^>]+)>\s*;[^,]*rel="?next"?/.exec(link ?? '')?.[1];
  if (target === undefined) return null;
  const { pathname, search } = new URL(target, 'http://api.invalid');
  return pathname + search;
}

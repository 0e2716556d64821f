/**
 * Who reads. The platform that links here puts a bearer token into the address, `#token=…`: it is kept for this tab
 * and taken out of the address at once, so that nobody copies it with a link. `&to=/teams/acme/runs` says where to go.
 */
const KEY = 'flow-credits-token';

export type Identity =
  | { readonly state: 'known'; readonly token: string }
  /** Nobody brought one. */
  | { readonly state: 'none' }
  /** The API took it no more. */
  | { readonly state: 'expired' };

let current: Identity = { state: 'none' };
const listeners = new Set<() => void>();

function become(next: Identity): void {
  current = next;
  for (const listener of listeners) listener();
}

/** Before the router reads the address, and whenever somebody pastes another one. */
export function takeToken(): void {
  const given = new URLSearchParams(location.hash.slice(1));
  const token = given.get('token');
  if (token !== null && token !== '') {
    keep(token);
    const to = given.get('to') ?? '/';
    history.replaceState(null, '', `#${to.startsWith('/') ? to : '/'}`);
    become({ state: 'known', token });
    // Those who follow the address hear of it as of any other change.
    dispatchEvent(new HashChangeEvent('hashchange'));
    return;
  }
  const kept = stored();
  if (kept !== null) become({ state: 'known', token: kept });
}

/** The API refused this token. A newer one that came in the meantime stays. */
export function tokenExpired(token: string): void {
  if (current.state !== 'known' || current.token !== token) return;
  keep(null);
  become({ state: 'expired' });
}

export function leave(): void {
  keep(null);
  become({ state: 'none' });
}

export const identity = {
  get: (): Identity => current,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

function keep(token: string | null): void {
  try {
    if (token === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, token);
  } catch {
    // A browser that stores nothing keeps it for this page alone.
  }
}

function stored(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

import { type Fault } from './flow';
import { type Json } from './json';

/** Deeper than any flow needs, and shallow enough for everything that walks one. */
const DEPTH_MOST = 64;
/** More values than fit in the bytes a flow may have. */
const VALUES_MOST = 600_000;

type Checked =
  { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly faults: readonly Fault[] };

/** `blocks[2].config.headers["x-key"]`. */
export function pathOf(keys: readonly PropertyKey[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    const name = String(key);
    if (!/^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
    return path === '' ? name : `${path}.${name}`;
  }, '');
}

/** Thrown inside this file only, to leave a walk that has no end worth waiting for. */
class TooMuch extends Error {}

/**
 * A copy of a value as plain JSON: no prototypes, getters or proxies are left for what comes after. What JSON cannot say
 * (functions, dates, `NaN`, circles) is a fault; members that are `undefined` are left out, as JSON does. Never throws.
 */
export function asJson(input: unknown): Checked {
  const faults: Fault[] = [];
  let values = 0;

  function fault(keys: readonly PropertyKey[], message: string): null {
    const path = pathOf(keys);
    faults.push({ path: path || 'flow', message: `flow:${path === '' ? '' : ` ${path}`} ${message}` });
    return null;
  }

  function copy(value: unknown, keys: readonly PropertyKey[]): Json {
    values += 1;
    if (values > VALUES_MOST) throw new TooMuch();
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number') {
      return Number.isFinite(value) ? value : fault(keys, `is ${value}, which JSON cannot say`);
    }
    if (typeof value !== 'object') return fault(keys, `is of type ${typeof value}, which JSON cannot say`);
    if (keys.length >= DEPTH_MOST) return fault(keys, `nests more than ${DEPTH_MOST} deep; flatten it`);
    return Array.isArray(value) ? copyList(value, keys) : copyObject(value, keys);
  }

  function copyList(list: readonly unknown[], keys: readonly PropertyKey[]): Json {
    return Array.from(list, (member, place) => copy(member, [...keys, place]));
  }

  function copyObject(object: object, keys: readonly PropertyKey[]): Json {
    const prototype: unknown = Object.getPrototypeOf(object);
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      return fault(keys, 'is an object of a class, which JSON cannot say');
    }
    return Object.fromEntries(
      Object.entries(object).flatMap(([key, member]: [string, unknown]): [string, Json][] => {
        if (member === undefined) return [];
        if (key === '__proto__') {
          fault([...keys, key], 'is a name no member may have');
          return [];
        }
        return [[key, copy(member, [...keys, key])]];
      }),
    );
  }

  try {
    const value = copy(input, []);
    return faults.length === 0 ? { ok: true, value } : { ok: false, faults };
  } catch (error) {
    const message =
      error instanceof TooMuch
        ? `flow: it has more than ${VALUES_MOST} values`
        : 'flow: it cannot be read as JSON';
    return { ok: false, faults: [...faults, { path: 'flow', message }] };
  }
}

import { type Json } from '../../contracts/json';

interface Needle {
  readonly text: string;
  readonly mark: string;
}

/** Every way a secret may come back from a server or show up in a message. */
function formsOf(value: string): readonly string[] {
  const inJson = JSON.stringify(value).slice(1, -1);
  const inUrl = encodeURIComponent(value);
  return [value, inJson, inUrl, inUrl.replace(/%20/g, '+'), Buffer.from(value, 'utf8').toString('base64')];
}

/**
 * Knows the secrets of one block run and takes them out of whatever leaves it: results, errors, addresses. What is
 * replaced reads `[secret NAME]`.
 */
export class Redactor {
  private needles: readonly Needle[] = [];

  add(name: string, value: string): void {
    const added = [...new Set(formsOf(value))].map((text) => ({ text, mark: `[secret ${name}]` }));
    // The longest first: a secret that holds another one must not be left in part.
    this.needles = [...this.needles, ...added].sort((a, b) => b.text.length - a.text.length);
  }

  /** Whether the text holds a secret, in any form. */
  finds(text: string): boolean {
    return this.needles.some((needle) => text.includes(needle.text));
  }

  text(text: string): string {
    return this.needles.reduce((rest, needle) => rest.replaceAll(needle.text, needle.mark), text);
  }

  json(value: Json): Json {
    if (this.needles.length === 0) return value;
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'number' || typeof value === 'boolean') {
      return this.finds(String(value)) ? this.text(String(value)) : value;
    }
    if (value === null) return null;
    if (Array.isArray(value)) return value.map((member) => this.json(member));
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [this.text(key), this.json(member)]),
    );
  }
}

import { type Millicredits } from '../../../contracts/millicredits';
import { amountFrom } from '../json';

/** A row as the driver gives it: the text of each column, in the order of the column list. */
export type RawRow = readonly (string | null)[];

/** Reads the cells of a row one after the other: decoding follows the column list. */
export class Cells {
  private at = 0;

  constructor(private readonly row: RawRow) {}

  textOrNull(): string | null {
    const cell = this.row[this.at];
    this.at += 1;
    return cell ?? null;
  }

  text(): string {
    const cell = this.textOrNull();
    if (cell === null) throw new Error(`column ${this.at} of a row is null`);
    return cell;
  }

  int(): number {
    return Number(this.text());
  }

  intOrNull(): number | null {
    const cell = this.textOrNull();
    return cell === null ? null : Number(cell);
  }

  amount(): Millicredits {
    return amountFrom(this.text());
  }

  amountOrNull(): Millicredits | null {
    const cell = this.textOrNull();
    return cell === null ? null : amountFrom(cell);
  }

  bool(): boolean {
    return this.textOrNull() === 't';
  }

  /** One of these words; throws on any other. */
  word<const T extends string>(words: readonly T[]): T {
    const text = this.text();
    const known = words.find((word) => word === text);
    if (known === undefined) throw new Error(`"${text}" in a row is none of ${words.join(', ')}`);
    return known;
  }
}

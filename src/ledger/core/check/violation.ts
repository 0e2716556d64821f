/** A broken invariant of the design's section 8, with the rows at fault: `grants 3`, `entries 17`, `runs r1`. */
export interface Violation {
  /** Its number in section 8. */
  readonly invariant: number;
  readonly rows: readonly string[];
  readonly message: string;
}

export type Report = (invariant: number, rows: readonly string[], message: string) => void;

import { type Entry } from '../types';
import { type Report } from './violation';

interface SeenCharge {
  readonly key: string;
  readonly amount: bigint;
  readonly lines: readonly bigint[];
  /** What was not reversed so far, and which lines were. */
  left: bigint;
  whole: boolean;
  readonly reversedLines: Set<number>;
}

/** What holds for entries by themselves: numbering, one charge a key, parts and lines that add up, one reversal. */
export class EntryCheck {
  private last: Entry | null = null;
  private readonly keys = new Set<string>();
  private readonly charges = new Map<number, SeenCharge>();
  /** Sum of what each run was charged. */
  readonly chargedToRuns = new Map<string, bigint>();

  constructor(private readonly report: Report) {}

  entry(entry: Entry): void {
    this.order(entry);
    this.parts(entry);
    if (entry.kind === 'charge') this.charge(entry);
    if (entry.kind === 'reversal') this.reversal(entry);
    this.last = entry;
  }

  get lastSeq(): number {
    return this.last?.seq ?? 0;
  }

  private order(entry: Entry): void {
    const rows = [`entries ${entry.seq}`];
    const before = this.last;
    if (entry.seq !== this.lastSeq + 1) {
      this.report(10, rows, `entry ${this.lastSeq} is followed by entry ${entry.seq}: one is missing`);
    }
    if (before !== null && entry.at < before.at) this.report(7, rows, `is earlier than entry ${before.seq}`);
    if (before === null) return;
    const opens = entry.kind === 'open-period' && before.period + 1 === entry.period;
    if (entry.period !== before.period && !opens) {
      this.report(7, rows, `is of period ${entry.period} and follows one of period ${before.period}`);
    }
  }

  private parts(entry: Entry): void {
    const { seq, parts, amount, kind } = entry;
    if (parts.some((part) => part.amount <= 0n))
      this.report(6, [`entries ${seq}`], 'has a part of 0 or less');
    if (kind === 'setting' || kind === 'close-period' || kind === 'open-period') return;
    const sum = parts.reduce((total, part) => total + part.amount, 0n);
    if (sum !== amount) this.report(6, [`entries ${seq}`], `is of ${amount}, its parts add up to ${sum}`);
  }

  private charge(entry: Entry): void {
    const { seq, runId, key, amount, parts, detail } = entry;
    const rows = [`entries ${seq}`];
    if (runId === null || key === null || detail === null) {
      this.report(2, rows, 'is a charge without run, key or detail');
      return;
    }
    const name = `${runId}\n${key}`;
    if (this.keys.has(name)) this.report(2, rows, `charges key "${key}" of run "${runId}" a second time`);
    this.keys.add(name);
    const amounts = detail.lines.map((line) => BigInt(line.millicredits));
    this.charges.set(seq, {
      key: name,
      amount,
      lines: amounts,
      left: amount,
      whole: false,
      reversedLines: new Set(),
    });
    this.chargedToRuns.set(runId, (this.chargedToRuns.get(runId) ?? 0n) + amount);
    const lines = amounts.reduce((sum, line) => sum + line, 0n);
    if (lines !== amount) this.report(6, rows, `is of ${amount}, its lines add up to ${lines}`);
    for (const [source, moved] of chargedBySource(entry)) {
      const said = parts.reduce((sum, part) => (part.source === source ? sum + part.amount : sum), 0n);
      if (said !== moved) this.report(6, rows, `says ${said} came from ${source} and moves ${moved}`);
    }
  }

  private reversal(entry: Entry): void {
    const { seq, reverses, amount } = entry;
    const rows = [`entries ${seq}`];
    const charge = reverses === null ? undefined : this.charges.get(reverses);
    if (reverses === null || charge === undefined) {
      this.report(2, rows, 'reverses no earlier charge');
      return;
    }
    const again = entry.line === null ? charge.whole : charge.reversedLines.has(entry.line);
    if (again || charge.whole) this.report(2, rows, `reverses charge ${reverses} a second time`);
    const wanted = entry.line === null ? charge.left : charge.lines[entry.line];
    if (wanted !== amount) {
      this.report(
        6,
        rows,
        `reverses ${amount} of a charge of ${charge.amount}, not ${wanted ?? 'a line of it'}`,
      );
    }
    if (entry.line === null) charge.whole = true;
    else charge.reversedLines.add(entry.line);
    charge.left -= amount;
    if (charge.key !== `${entry.runId ?? ''}\n${entry.key ?? ''}`) {
      this.report(2, rows, `names another run or key than charge ${reverses}`);
    }
  }
}

/** What a charge moved to the charged account of each source that it names or moves. */
function chargedBySource({ parts, moves }: Entry): ReadonlyMap<string, bigint> {
  const moved = new Map<string, bigint>(parts.map(({ source }) => [source, 0n]));
  for (const { account, delta } of moves) {
    if (!account.endsWith('.charged') && account !== 'overdraft') continue;
    const source = account.replace('.charged', '');
    moved.set(source, (moved.get(source) ?? 0n) + delta);
  }
  return moved;
}

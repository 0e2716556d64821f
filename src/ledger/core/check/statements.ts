import { millicredits } from '../../../contracts/millicredits';
import { type FoldedPeriod } from '../fold';
import { periodAt } from '../periods';
import { paygCents } from '../statement';
import { type Statement, type Team } from '../types';
import { type Report } from './violation';

/** What the entries of a closed period came to. */
export interface ClosedPeriod extends FoldedPeriod {
  readonly index: number;
  readonly closing: bigint;
  readonly heldOverOut: bigint;
  readonly paygHeldOverOut: bigint;
  readonly owed: bigint;
}

/** One statement for each closed period, contiguous, equal to the entries, its money rounded once. */
export function checkStatements(
  team: Team,
  statements: readonly Statement[],
  periods: readonly ClosedPeriod[],
  report: Report,
): void {
  const byIndex = new Map(statements.map((statement) => [statement.period.index, statement]));
  if (byIndex.size !== statements.length) report(7, ['statements'], 'a period has two statements');
  for (const period of periods) {
    const statement = byIndex.get(period.index);
    if (statement === undefined) report(7, [`statements ${period.index}`], 'is missing');
    else checkStatement(team, statement, period, report);
    byIndex.delete(period.index);
  }
  for (const index of byIndex.keys())
    report(7, [`statements ${index}`], 'is of a period that was not closed');
}

function checkStatement(team: Team, statement: Statement, period: ClosedPeriod, report: Report): void {
  const rows = [`statements ${period.index}`];
  const { opening, granted, charged, expired, withdrawn, closing } = statement;
  if (opening + granted !== charged + expired + withdrawn + closing) report(7, rows, 'does not add up');
  const told: Record<string, bigint> = {
    opening,
    granted,
    charged,
    expired,
    withdrawn,
    closing,
    heldOverIn: statement.heldOverIn,
    heldOverOut: statement.heldOverOut,
    paygHeldOverIn: statement.paygHeldOverIn,
    paygHeldOverOut: statement.paygHeldOverOut,
    heldOverCharged: statement.heldOverCharged,
    heldOverReturned: statement.heldOverReturned,
    paygCharged: statement.payg,
    paygReversed: statement.paygReversed,
    overdraft: statement.overdraft,
    owed: statement.owed,
  };
  const folded: Record<string, bigint | number> = { ...period };
  for (const [name, value] of Object.entries(told)) {
    if (folded[name] !== value)
      report(7, rows, `says ${name} ${value}, its entries ${folded[name] ?? 'nothing'}`);
  }
  checkMoney(rows, 'PAYG', statement.payg, statement.paygCents, statement, report);
  checkMoney(rows, 'PAYG reversed', statement.paygReversed, statement.paygReversedCents, statement, report);
  const { start, end } = periodAt(team.anchor, team.timeZone, period.index);
  if (statement.period.start !== start || statement.period.end !== end) {
    report(7, rows, `is of ${statement.period.start} to ${statement.period.end}, not ${start} to ${end}`);
  }
  if (statement.closedAt < end) report(7, rows, 'was closed before its period ended');
}

function checkMoney(
  rows: readonly string[],
  what: string,
  amount: bigint,
  cents: bigint,
  statement: Statement,
  report: Report,
): void {
  const right = paygCents(millicredits(amount), statement.paygRate);
  if (cents !== right) report(7, rows, `says ${cents} cents of ${what}; ${amount} are ${right} cents`);
}

import { inCredits, type StatementFacts } from './facts';
import { aligned, cents } from './text';

const HEAD = [
  'team',
  'plan',
  'period',
  'opening',
  'granted',
  'charged',
  'expired',
  'closing',
  'PAYG',
  'to pay',
  'overdraft',
];
const FIRST_NUMBER = 3;

/** Closed periods as a table; amounts are credits, exact. */
export function statementTable(statements: readonly StatementFacts[]): string {
  const rows = statements.map((statement) => [
    statement.team,
    statement.plan,
    `${statement.from.slice(0, 10)} to ${statement.to.slice(0, 10)}`,
    ...[statement.opening, statement.granted, statement.charged, statement.expired, statement.closing].map(
      inCredits,
    ),
    inCredits(statement.payg),
    cents(BigInt(statement.paygCents)),
    inCredits(statement.overdraft),
  ]);
  return aligned([HEAD, ...rows], (column) => column >= FIRST_NUMBER);
}

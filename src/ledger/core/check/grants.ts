import { foldedAvailable, type Fold } from '../fold';
import { available, isExpired } from '../spendable';
import { type Grant, type Run, type Team } from '../types';
import { sourceOfGrant } from '../parts';
import { type Report } from './violation';

const TERMS = ['granted', 'charged', 'held', 'expired', 'withdrawn'] as const;

/** Grants add up, agree with the entries and with what runs hold; included ones follow the plans of their period. */
export function checkGrants(
  team: Team,
  grants: ReadonlyMap<number, Grant>,
  runs: Iterable<Run>,
  fold: Fold,
  bestIncluded: ReadonlyMap<number, bigint>,
  report: Report,
): void {
  const heldByRuns = new Map<string, bigint>();
  for (const run of runs) {
    for (const { source, amount } of run.holds) {
      heldByRuns.set(source, (heldByRuns.get(source) ?? 0n) + amount);
    }
  }
  for (const grant of grants.values()) {
    checkGrant(team, grant, fold, report);
    const held = heldByRuns.get(sourceOfGrant(grant.id)) ?? 0n;
    if (held !== grant.held) {
      report(1, [`grants ${grant.id}`], `says ${grant.held} are held, the runs hold ${held}`);
    }
    heldByRuns.delete(sourceOfGrant(grant.id));
    if (grant.kind === 'included') checkIncluded(grant, bestIncluded, report);
  }
  const payg = heldByRuns.get('payg') ?? 0n;
  heldByRuns.delete('payg');
  if (payg !== team.paygHeld) {
    report(1, [`teams ${team.team}`], `says ${team.paygHeld} of PAYG are held, the runs hold ${payg}`);
  }
  for (const source of heldByRuns.keys()) report(1, [source], 'is held by runs and is no grant');
  for (const id of fold.grants.keys()) {
    if (!grants.has(id)) report(1, [`grants ${id}`], 'is missing; entries move it');
  }
}

function checkGrant(team: Team, grant: Grant, fold: Fold, report: Report): void {
  const rows = [`grants ${grant.id}`];
  const folded = fold.grants.get(grant.id);
  for (const term of TERMS) {
    if (grant[term] < 0n) report(1, rows, `${term} is ${grant[term]}`);
    const moved = folded?.[term] ?? 0n;
    if (moved !== grant[term]) report(1, rows, `says ${term} ${grant[term]}, its entries ${moved}`);
  }
  if (available(grant) < 0n) report(1, rows, `available is ${available(grant)}`);
  if (folded !== undefined && foldedAvailable(folded) < 0n) report(1, rows, 'its entries overdraw it');
  if (isExpired(grant, team.lastTime) && available(grant) !== 0n) {
    report(7, rows, `has expired and ${available(grant)} of it are available`);
  }
  if (grant.chargedInPeriod < 0n || grant.chargedInPeriod > grant.charged) {
    report(1, rows, `was charged ${grant.chargedInPeriod} in the period and ${grant.charged} in all`);
  }
}

function checkIncluded(grant: Grant, bestIncluded: ReadonlyMap<number, bigint>, report: Report): void {
  const rows = [`grants ${grant.id}`];
  const best = bestIncluded.get(grant.period) ?? 0n;
  if (grant.granted > best) {
    report(7, rows, `grants ${grant.granted}, the best plan of period ${grant.period} includes ${best}`);
  }
  const payg = grant.afterClose.find(({ source }) => source === 'payg')?.left ?? 0n;
  if (grant.expired > 0n && payg > 0n) {
    report(8, rows, `${grant.expired} expired while ${payg} of PAYG of its period were left to replace`);
  }
}

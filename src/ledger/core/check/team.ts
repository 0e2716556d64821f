import { creditsWithin, available, isExpired, UNBOUNDED } from '../spendable';
import { type Fold } from '../fold';
import { periodAt } from '../periods';
import { settingOf } from '../settings';
import { type Grant, type Rules, type Setting, type Team } from '../types';
import { type Report } from './violation';

/** The team's row agrees with its entries, its settings and its clock; whoever waits and could go has somebody told. */
export function checkTeam(
  team: Team,
  grants: ReadonlyMap<number, Grant>,
  fold: Fold,
  setting: Setting | null,
  lastSeq: number,
  rules: Rules,
  report: Report,
): void {
  const rows = [`teams ${team.team}`];
  const { period } = fold;
  const pairs: readonly (readonly [string, bigint, bigint])[] = [
    ['opening', team.periodOpening, period.opening],
    ['granted', team.periodGranted, period.granted],
    ['charged', team.periodCharged, period.charged],
    ['expired', team.periodExpired, period.expired],
    ['withdrawn', team.periodWithdrawn, period.withdrawn],
    ['held over', team.periodHeldOver, period.heldOverIn],
    ['PAYG held over', team.periodPaygHeldOver, period.paygHeldOverIn],
    ['PAYG charged', team.paygCharged, period.paygCharged],
    ['PAYG reversed', team.paygReversed, period.paygReversed],
    ['PAYG held', team.paygHeld, fold.paygHeld],
    ['overdraft', team.overdraft, period.overdraft],
    ['charged of what was held over', team.heldOverCharged, period.heldOverCharged],
    ['returned of what was held over', team.heldOverReturned, period.heldOverReturned],
    ['owed', team.owed, fold.owed],
    ['next entry', BigInt(team.nextEntry), BigInt(lastSeq + 1)],
  ];
  for (const [what, row, folded] of pairs) {
    if (row !== folded) report(1, rows, `says ${what} ${row}, its entries ${folded}`);
  }
  for (const [what, value] of [
    ['PAYG charged', team.paygCharged],
    ['PAYG held', team.paygHeld],
    ['overdraft', team.overdraft],
    ['owed', team.owed],
  ] as const) {
    if (value < 0n) report(1, rows, `${what} is ${value}`);
  }
  if (
    setting !== null &&
    JSON.stringify(setting, keysOf(setting)) !== JSON.stringify(settingOf(team), keysOf(setting))
  ) {
    report(8, rows, 'has other settings than its last entry about them');
  }
  if (new Set(team.alerted).size !== team.alerted.length) {
    report(7, rows, `was told of a threshold twice in a period: ${team.alerted.join(', ')}`);
  }
  for (const id of grants.keys()) {
    if (id >= team.nextGrant) report(10, [`grants ${id}`], `is not given yet: the next is ${team.nextGrant}`);
  }
  const { start, end } = periodAt(team.anchor, team.timeZone, team.period.index);
  if (team.period.start !== start || team.period.end !== end)
    report(7, rows, 'is in a period of another anchor');
  if (team.lastTime >= end) report(7, rows, 'was not rolled over to its last time');
  const spendable = spendableOf(team, grants, rules);
  const wake = team.waiting > 0 && (team.status === 'closed' || (team.status === 'active' && spendable > 0n));
  if (team.wake !== wake) {
    report(4, rows, `says wake ${team.wake}: ${team.waiting} runs wait, ${spendable} are spendable`);
  }
}

/** JSON's allow-list, so that the order in which a row's keys were read does not count. */
function keysOf(setting: Setting): string[] {
  return [...Object.keys(setting), 'microUsd', 'credits'].sort();
}

/** Spendable from rows alone, written apart from the rules it checks. */
function spendableOf(team: Team, grants: ReadonlyMap<number, Grant>, rules: Rules): bigint {
  let sum = 0n;
  for (const grant of grants.values()) if (!isExpired(grant, team.lastTime)) sum += available(grant);
  const plan = rules.plan(team.plan, team.lastTime);
  if (!team.payg.enabled || plan?.payg !== true) return sum;
  if (team.payg.cap === null) return sum + UNBOUNDED;
  const most = creditsWithin(team.payg.cap, team.paygRate ?? plan.paygRate);
  const left = most - team.paygCharged - team.paygHeld;
  return left > 0n ? sum + left : sum;
}

import { sumOf } from '../parts';
import { type Fold } from '../fold';
import { type Run, type Source, type Team } from '../types';
import { type Report } from './violation';

/** Only admitted runs hold; rows agree with the entries; nobody was overtaken in the line. */
export function checkRuns(
  team: Team,
  runs: ReadonlyMap<string, Run>,
  fold: Fold,
  charged: ReadonlyMap<string, bigint>,
  report: Report,
): void {
  const waiting = new Map<string, number>();
  for (const run of runs.values()) {
    const { trigger } = run.context;
    if (run.status === 'waiting') waiting.set(trigger, (waiting.get(trigger) ?? 0) + 1);
    checkRun(run, fold, charged.get(run.runId) ?? 0n, report);
    checkPlace(team, run, report);
  }
  checkCounts(team, waiting, report);
  for (const runId of new Set([...charged.keys(), ...fold.holds.keys()])) {
    if (!runs.has(runId)) report(2, [`runs ${runId}`], 'is missing; entries name it');
  }
  checkLine(runs, report);
}

function checkRun(run: Run, fold: Fold, charged: bigint, report: Report): void {
  const rows = [`runs ${run.runId}`];
  if (run.status !== 'admitted' && run.holds.length > 0) {
    report(3, rows, `is "${run.status}" and holds ${sumOf(run.holds)}`);
  }
  if (run.status !== 'admitted' && Object.keys(run.reservations).length > 0) {
    report(3, rows, `is "${run.status}" and has reservations`);
  }
  if (run.admittedAt === null && (run.status === 'admitted' || run.status === 'closed' || charged > 0n)) {
    report(2, rows, `is "${run.status}", was charged ${charged} and was never admitted`);
  }
  if (run.charged !== charged) report(2, rows, `says ${run.charged} charged, its entries ${charged}`);
  if (!run.requiresCredits && charged > 0n) report(2, rows, 'requires no credits and was charged');
  const sources = new Set<Source>([
    ...run.holds.map(({ source }) => source),
    ...(fold.holds.get(run.runId)?.keys() ?? []),
  ]);
  for (const source of sources) {
    const held = run.holds.reduce((sum, part) => (part.source === source ? sum + part.amount : sum), 0n);
    const folded = fold.heldBy(run.runId, source);
    if (held !== folded) report(1, rows, `says it holds ${held} of ${source}, its entries ${folded}`);
  }
}

/** The line's length, and how many of each trigger wait: what a team's bounds are held against. */
function checkCounts(team: Team, waiting: ReadonlyMap<string, number>, report: Report): void {
  const rows = [`teams ${team.team}`];
  const all = [...waiting.values()].reduce((sum, one) => sum + one, 0);
  if (all !== team.waiting) report(4, rows, `says ${team.waiting} runs wait, there are ${all}`);
  const said = new Map<string, number>(Object.entries(team.waitingBy));
  for (const trigger of new Set([...said.keys(), ...waiting.keys()])) {
    const there = waiting.get(trigger) ?? 0;
    if (said.get(trigger) === there || (there === 0 && !said.has(trigger))) continue;
    report(4, rows, `says ${said.get(trigger) ?? 0} ${trigger} runs wait, there are ${there}`);
  }
}

/** What a run's row says of the line and of its release makes sense. */
function checkPlace(team: Team, run: Run, report: Report): void {
  const rows = [`runs ${run.runId}`];
  if (run.starting && run.status !== 'admitted') report(4, rows, `is "${run.status}" and starting`);
  if (run.tell && run.status !== 'admitted' && run.status !== 'left') {
    report(4, rows, `is "${run.status}" and to be told of it`);
  }
  if (run.place !== null && run.place >= team.nextPlace) {
    report(4, rows, `has place ${run.place}, which is not given yet: the next one is ${team.nextPlace}`);
  }
  if (run.likely < run.least) report(6, rows, `is likely to cost ${run.likely}, and at least ${run.least}`);
}

/** No run that had to wait for credits was admitted while one with an earlier place still waits. */
function checkLine(runs: ReadonlyMap<string, Run>, report: Report): void {
  let first: Run | null = null;
  for (const run of runs.values()) {
    if (run.status !== 'waiting' || run.place === null) continue;
    if (first?.place == null || run.place < first.place) first = run;
  }
  if (first === null) return;
  for (const run of runs.values()) {
    if (run.mode === 'observe' || !run.requiresCredits || run.admittedAt === null) continue;
    const later = run.place === null ? run.askedAt > first.askedAt : run.place > (first.place ?? 0);
    if (later) report(4, [`runs ${run.runId}`, `runs ${first.runId}`], 'overtook a run that still waits');
  }
}

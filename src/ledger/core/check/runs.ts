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
  let waiting = 0;
  for (const run of runs.values()) {
    if (run.status === 'waiting') waiting += 1;
    checkRun(run, fold, charged.get(run.runId) ?? 0n, report);
  }
  if (waiting !== team.waiting) {
    report(4, [`teams ${team.team}`], `says ${team.waiting} runs wait, there are ${waiting}`);
  }
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

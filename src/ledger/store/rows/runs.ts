import { LOCATIONS, TRIGGERS } from '../../../contracts/context';
import { type Run } from '../../core/types';
import { type Column } from '../columns';
import { partsFrom, partsText, reservationsFrom, reservationsText } from '../json';
import { Cells, type RawRow } from './cells';
import { RUN_MODES, RUN_STATUSES } from './words';

const KEY: readonly Column<Run>[] = [
  { name: 'team_id', type: 'text', of: (_, team) => team, repeats: true },
  { name: 'run_id', type: 'text', of: (r) => r.runId },
];

/** Fixed when a run first asks. */
const PINNED: readonly Column<Run>[] = [
  { name: 'workflow_id', type: 'text', of: (r) => r.workflowId },
  { name: 'execution_id', type: 'text', of: (r) => r.executionId },
  { name: 'flow', type: 'text', of: (r) => r.flow },
  { name: 'flow_hash', type: 'text', of: (r) => r.flowHash },
  { name: 'trigger', type: 'text', of: (r) => r.context.trigger },
  { name: 'location', type: 'text', of: (r) => r.context.location, repeats: true },
  { name: 'mode', type: 'text', of: (r) => r.mode, repeats: true },
  { name: 'rate_card', type: 'text', of: (r) => r.rateCard, repeats: true },
  { name: 'requires_credits', type: 'boolean', of: (r) => r.requiresCredits, repeats: true },
  { name: 'least', type: 'bigint', of: (r) => r.least },
  { name: 'likely', type: 'bigint', of: (r) => r.likely },
  { name: 'credit_limit', type: 'bigint', of: (r) => r.limit },
  { name: 'asked_at_ms', type: 'bigint', of: (r) => r.askedAt, repeats: true },
  { name: 'place', type: 'integer', of: (r) => r.place },
];

/** Changes with its status: seldom. */
const LIFE: readonly Column<Run>[] = [
  { name: 'status', type: 'text', of: (r) => r.status, repeats: true },
  { name: 'admitted_at_ms', type: 'bigint', of: (r) => r.admittedAt },
  { name: 'closed_at_ms', type: 'bigint', of: (r) => r.closedAt },
  { name: 'close_reason', type: 'text', of: (r) => r.closeReason },
  { name: 'would_have_waited', type: 'boolean', of: (r) => r.wouldHaveWaited, repeats: true },
  { name: 'tell', type: 'boolean', of: (r) => r.tell, repeats: true },
  { name: 'starting', type: 'boolean', of: (r) => r.starting, repeats: true },
];

/** Changes with each reserve and commit. */
const POOL: readonly Column<Run>[] = [
  { name: 'holds', type: 'text', of: (r) => partsText(r.holds), json: true },
  { name: 'reservations', type: 'text', of: (r) => reservationsText(r.reservations), json: true },
  { name: 'charged', type: 'bigint', of: (r) => r.charged },
];

export const RUN_COLUMNS: readonly Column<Run>[] = [...KEY, ...PINNED, ...LIFE, ...POOL];
export const RUN_CHANGES: readonly Column<Run>[] = [...KEY, ...LIFE, ...POOL];
/** What most operations change. */
export const RUN_POOL: readonly Column<Run>[] = [...KEY, ...POOL];

/** True if at most their pools differ. */
export function sameLife(a: Run, b: Run): boolean {
  return LIFE.every(({ of }) => of(a, '') === of(b, ''));
}

export interface RunOfTeam {
  readonly team: string;
  readonly run: Run;
}

export function runFrom(row: RawRow): RunOfTeam {
  const cells = new Cells(row);
  const team = cells.text();
  const run: Run = {
    runId: cells.text(),
    workflowId: cells.text(),
    executionId: cells.text(),
    flow: cells.text(),
    flowHash: cells.text(),
    context: {
      trigger: cells.word(TRIGGERS),
      location: cells.word(LOCATIONS),
    },
    mode: cells.word(RUN_MODES),
    rateCard: cells.text(),
    requiresCredits: cells.bool(),
    least: cells.amount(),
    likely: cells.amount(),
    limit: cells.amountOrNull(),
    askedAt: cells.int(),
    place: cells.intOrNull(),
    status: cells.word(RUN_STATUSES),
    admittedAt: cells.intOrNull(),
    closedAt: cells.intOrNull(),
    closeReason: cells.textOrNull(),
    wouldHaveWaited: cells.bool(),
    tell: cells.bool(),
    starting: cells.bool(),
    holds: partsFrom(cells.text()),
    reservations: reservationsFrom(cells.text()),
    charged: cells.amount(),
  };
  return { team, run };
}

import { type Operation, type ResultOf, type Results } from './operations';
import { type Outcome } from './types';

/** Every status an operation of a kind may be answered with. */
const STATUSES: { readonly [K in keyof Results]: readonly Results[K]['status'][] } = {
  upsertTeam: ['created', 'updated', 'unchanged', 'refused'],
  admit: ['admitted', 'waiting', 'closed', 'left', 'refused'],
  leave: ['left', 'closed', 'admitted', 'refused'],
  reserve: ['reserved', 'charged', 'closed', 'refused'],
  commit: ['charged', 'refused'],
  unreserve: ['unreserved', 'charged', 'nothing-reserved', 'refused'],
  close: ['closed', 'left', 'refused'],
  release: ['released', 'refused'],
  told: ['told', 'refused'],
  touch: ['current', 'refused'],
  setPayg: ['done', 'refused'],
  changePlan: ['done', 'refused'],
  addCredits: ['done', 'refused'],
  voidPack: ['done', 'refused'],
  adjustCredits: ['done', 'refused'],
  reverseCharge: ['reversed', 'refused'],
  reverseRun: ['reversed', 'refused'],
  discardWaiting: ['done', 'refused'],
  setTeamStatus: ['done', 'refused'],
};

/** The outcome of an operation with the type of its kind. Throws the fault, if it is one. */
export function answerTo<O extends Operation>(op: O, outcome: Outcome | undefined): ResultOf<O> {
  if (outcome instanceof Error) throw outcome;
  if (outcome === undefined) throw new Error(`operation "${op.kind}" of team "${op.team}" has no outcome`);
  const answer: object = outcome;
  if (answersTo(op, answer)) return answer;
  throw new Error(`operation "${op.kind}" of team "${op.team}" got the answer of another kind`);
}

function answersTo<O extends Operation>(op: O, answer: object): answer is ResultOf<O> {
  const statuses: readonly string[] = STATUSES[op.kind];
  return 'status' in answer && typeof answer.status === 'string' && statuses.includes(answer.status);
}

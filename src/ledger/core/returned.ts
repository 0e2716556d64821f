import { millicredits, min, ZERO, type Millicredits } from '../../contracts/millicredits';
import { type Draft } from './draft';
import { type AfterClose, type Grant, type Move, type Source } from './types';

/**
 * Credits that came back to an expired grant, already taken off its held or charged. Included credits of a period that
 * has PAYG on its statement replace that first, a refund on the next statement (nobody pays for PAYG in a period whose
 * included credits went unspent); the rest expires. Returns what replaced PAYG.
 */
export function replacePaygOrExpire(
  draft: Draft,
  grant: Grant,
  amount: Millicredits,
  moves: Move[],
): Millicredits {
  const replaced = min(amount, leftAfterClose(grant, 'payg'));
  const expired = millicredits(amount - replaced);
  const team = draft.edit();
  let next = grant;
  if (replaced > 0n) {
    next = {
      ...next,
      charged: millicredits(next.charged + replaced),
      afterClose: reallotMore(next.afterClose, 'payg', replaced),
    };
    team.periodCharged = millicredits(team.periodCharged + replaced);
    team.paygReversed = millicredits(team.paygReversed + replaced);
    moves.push({ account: `grant:${grant.id}.charged`, delta: replaced });
    moves.push({ account: 'payg.reversed', delta: replaced });
  }
  if (expired > 0n) {
    next = { ...next, expired: millicredits(next.expired + expired) };
    team.periodExpired = millicredits(team.periodExpired + expired);
    moves.push({ account: `grant:${grant.id}.expired`, delta: expired });
  }
  draft.setGrant(next);
  return replaced;
}

/** What a closed period still has charged to a source after its included credits. */
export function leftAfterClose(included: Grant, source: Source): Millicredits {
  return included.afterClose.find((one) => one.source === source)?.left ?? ZERO;
}

function reallotMore(all: readonly AfterClose[], source: Source, amount: Millicredits): AfterClose[] {
  return all.map((one) =>
    one.source === source
      ? {
          source,
          left: millicredits(one.left - amount),
          reallotted: millicredits(one.reallotted + amount),
        }
      : one,
  );
}

import { type ReactNode } from 'react';
import { useAdjustments, useAllPages, usePacks } from '../../api/queries';
import { type Adjustment, type Overview } from '../../api/types';
import { reach } from '../../format/amounts';
import { useAmounts, When } from '../../format/context';
import { planName } from '../../format/words';
import { Badge } from '../../ui/badge';
import { Card } from '../../ui/card';
import { Read } from '../../ui/read';
import { Skeleton } from '../../ui/states';
import css from './order.module.css';

/** What stacks on what: included credits, packs and adjustments by their expiry, pay-as-you-go. */
export function OrderCard({ team }: { team: Overview }) {
  const packs = usePacks(team.team);
  const adjustments = useAdjustments(team.team);
  useAllPages(packs);
  useAllPages(adjustments);
  return (
    <Card title="Order of use" about="Each is used up before the next one is touched.">
      <Read query={packs} loading={<Skeleton lines={4} tall />}>
        {(bought) => (
          <Read query={adjustments} loading={<Skeleton lines={4} tall />}>
            {(adjusted) => (
              <Steps
                team={team}
                grants={[
                  ...bought.map((pack) => ({ ...pack, kind: 'pack' as const })),
                  ...adjusted.map((adjustment) => ({ ...adjustment, kind: 'adjustment' as const })),
                ]}
              />
            )}
          </Read>
        )}
      </Read>
    </Card>
  );
}

/** What was given beside the plan. */
type Grant = Adjustment & { readonly kind: 'pack' | 'adjustment' };

function Steps({ team, grants }: { team: Overview; grants: readonly Grant[] }) {
  const amounts = useAmounts();
  const { included } = team.credits;
  const { payAsYouGo: payg } = team;
  const open = grants.filter(({ status }) => status === 'active').sort(bySoonestExpiry);
  return (
    <ol className={css['steps']}>
      <Step
        name={`Included in ${planName(team.plan)}`}
        detail={
          <>
            until <When at={team.period.end} as="day" />, then they expire
          </>
        }
        left={BigInt(included.available)}
        whole={BigInt(included.charged) + BigInt(included.held) + BigInt(included.available)}
        colour="var(--included)"
      />
      {open.map((grant) => (
        <Step
          key={grant.grant}
          name={grant.kind === 'pack' ? `Pack ${String(grant.grant)}` : 'Adjustment'}
          badge={grant.note ?? undefined}
          detail={
            grant.expiresAt === null ? (
              'does not expire'
            ) : (
              <>
                until <When at={grant.expiresAt} as="day" />
              </>
            )
          }
          left={BigInt(grant.left)}
          whole={BigInt(grant.granted) - BigInt(grant.withdrawn)}
          colour={grant.kind === 'pack' ? 'var(--purchased)' : 'var(--adjustment)'}
        />
      ))}
      <li className={css['step']}>
        <div className={css['name']}>
          <span className={css['swatch']} style={{ background: 'var(--payg)' }} />
          <strong>Pay-as-you-go</strong>
          {!payg.enabled && <Badge>{payg.eligible ? 'off' : 'not on this plan'}</Badge>}
        </div>
        <span className={css['left']}>
          {payg.enabled
            ? payg.headroom === null
              ? 'no cap'
              : `${amounts.ofCredits(payg.headroom)} left`
            : '–'}
        </span>
        <span className={css['detail']}>
          {payg.enabled ? 'billed at the end of the month' : 'new runs wait instead'}
        </span>
      </li>
    </ol>
  );
}

interface StepProps {
  readonly name: string;
  readonly badge?: string | undefined;
  readonly detail: ReactNode;
  readonly left: bigint;
  readonly whole: bigint;
  readonly colour: string;
}

function Step({ name, badge, detail, left, whole, colour }: StepProps) {
  const amounts = useAmounts();
  return (
    <li className={css['step']}>
      <div className={css['name']}>
        <span className={css['swatch']} style={{ background: colour }} />
        <strong>{name}</strong>
        {badge !== undefined && <span className={css['note']}>{badge}</span>}
      </div>
      <span className={css['left']}>
        {amounts.ofCredits(left)} <small>of {amounts.ofCredits(whole)} left</small>
      </span>
      <span className={css['detail']}>{detail}</span>
      <span className={css['track']} aria-hidden="true">
        <span style={{ width: `${String(reach(left, whole) * 100)}%`, background: colour }} />
      </span>
    </li>
  );
}

/** As the ledger uses them: soonest expiry first, those that never expire last, the older one of two. */
function bySoonestExpiry(a: Grant, b: Grant): number {
  if (a.expiresAt === b.expiresAt) return a.grant - b.grant;
  if (a.expiresAt === null) return 1;
  if (b.expiresAt === null) return -1;
  return a.expiresAt < b.expiresAt ? -1 : 1;
}

import { type Overview } from '../../api/types';
import { planName } from '../../format/words';
import { Badge } from '../../ui/badge';
import { Page } from '../../ui/page';
import { BalanceCard } from './balance-card';
import { ChartsCard } from './charts-card';
import { NowCard } from './now-card';
import { OrderCard } from './order-card';
import css from './usage.module.css';

/** The first view: what of the month is used, held and left, and what may be done about it. */
export function UsageView({ team }: { team: Overview }) {
  return (
    <Page
      title="Resource usage"
      beside={
        <>
          <Badge tone="accent">{planName(team.plan)}</Badge>
          {team.nextPlan !== null && <Badge>{planName(team.nextPlan)} from the next reset</Badge>}
          {team.status !== 'active' && <Badge tone="bad">{team.status}</Badge>}
        </>
      }
    >
      <div className={css['grid']}>
        <div className={css['wide']}>
          <BalanceCard team={team} />
        </div>
        <NowCard team={team} />
        <OrderCard team={team} />
        <ChartsCard team={team} />
      </div>
    </Page>
  );
}

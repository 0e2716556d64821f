import { useState } from 'react';
import { useRateCards } from '../../api/queries';
import { type Overview, type RateCard } from '../../api/types';
import { When } from '../../format/context';
import { Badge } from '../../ui/badge';
import { Card } from '../../ui/card';
import { Page } from '../../ui/page';
import { Segmented } from '../../ui/segmented';
import { Read } from '../../ui/read';
import { Empty, Skeleton } from '../../ui/states';
import { CardRows } from './card-rows';
import { PlansCard } from './plans-card';
import css from './prices.module.css';

/** What things cost, each price documented or assumed, and where it is from. */
export default function PricesView({ team }: { team: Overview }) {
  const cards = useRateCards();
  return (
    <Page
      title="Prices"
      about={
        <>
          Each price says whether it is documented or assumed, and where it is from · times in {team.timeZone}
        </>
      }
    >
      <div className={css['views']}>
        <Read query={cards} loading={<Skeleton lines={8} tall />}>
          {({ items }) => <Cards cards={items} />}
        </Read>
        <PlansCard plan={team.plan} />
      </div>
    </Page>
  );
}

function Cards({ cards }: { cards: readonly RateCard[] }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const card = cards.find(({ id }) => id === chosen) ?? cards.find(({ inForce }) => inForce) ?? cards[0];
  const [only, setOnly] = useState<'all' | 'documented' | 'assumed'>('all');
  if (card === undefined) return <Empty title="No rate card">This installation has no prices.</Empty>;
  const rows = card.rows.filter(({ provenance }) => only === 'all' || provenance === only);
  return (
    <Card
      flush
      title={
        <>
          Rate card <code>{card.id}</code> {card.inForce && <Badge tone="accent">in force</Badge>}
        </>
      }
      about={
        <>
          From <When at={card.inForceFrom} />
          {card.inForceUntil !== null && (
            <>
              {' '}
              to <When at={card.inForceUntil} />
            </>
          )}
          {card.note !== null && `. ${card.note}`}
        </>
      }
      actions={
        <>
          {cards.length > 1 && (
            <label className={css['choose']}>
              <span className="hidden-but-read">Rate card</span>
              <select
                value={card.id}
                onChange={(event) => {
                  setChosen(event.target.value);
                }}
              >
                {cards.map(({ id, inForce }) => (
                  <option key={id} value={id}>
                    {id}
                    {inForce ? ', in force' : ''}
                  </option>
                ))}
              </select>
            </label>
          )}
          <Segmented
            label="Which prices"
            value={only}
            onChange={setOnly}
            options={[
              { value: 'all', label: 'All' },
              { value: 'documented', label: 'Documented' },
              { value: 'assumed', label: 'Assumed' },
            ]}
          />
        </>
      }
    >
      <CardRows rows={rows} />
    </Card>
  );
}

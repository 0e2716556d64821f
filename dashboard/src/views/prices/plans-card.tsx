import { usePlans } from '../../api/queries';
import { type Plans } from '../../api/types';
import { useAmounts } from '../../format/context';
import { planName } from '../../format/words';
import { Badge } from '../../ui/badge';
import { Card } from '../../ui/card';
import { Read } from '../../ui/read';
import { Skeleton } from '../../ui/states';
import { Table, Td, Th, Tr } from '../../ui/table';
import { rateText } from '../usage/payg-texts';
import css from './prices.module.css';
import { ProvenanceBadge } from './provenance';

const FIELDS: Readonly<Record<string, string>> = {
  includedCredits: 'Included credits',
  payg: 'Which plans have pay-as-you-go',
  paygRate: 'Pay-as-you-go prices',
  packs: 'Which plans may buy packs',
  privateRunner: 'Which plans have the private runner',
  customAllowance: 'Allowances by contract',
  rank: 'Which plan is higher',
};

export function PlansCard({ plan }: { plan: string }) {
  const amounts = useAmounts();
  const plans = usePlans();
  return (
    <Card title="Plans" about="Included credits are given each month; what is left does not roll over." flush>
      <Read query={plans} loading={<Skeleton lines={5} tall />}>
        {({ items, origins }) => (
          <>
            <Table
              caption="Plans"
              head={
                <>
                  <Th>Plan</Th>
                  <Th numeric>Included a month</Th>
                  <Th>Pay-as-you-go</Th>
                  <Th>Packs</Th>
                  <Th>Private runner</Th>
                </>
              }
            >
              {items.map((each) => (
                <Tr key={each.plan}>
                  <Td lead>
                    {planName(each.plan)} {each.plan === plan && <Badge tone="accent">yours</Badge>}
                  </Td>
                  <Td label="Included a month" numeric>
                    {amounts.ofCredits(each.includedMillicredits)}
                  </Td>
                  <Td label="Pay-as-you-go">
                    {each.payAsYouGo ? rateText(each.payAsYouGoRate, amounts) : 'no'}
                  </Td>
                  <Td label="Packs">{each.packs ? 'yes' : 'no'}</Td>
                  <Td label="Private runner">{each.privateRunner ? 'yes' : 'no'}</Td>
                </Tr>
              ))}
            </Table>
            <Origins origins={origins} />
          </>
        )}
      </Read>
    </Card>
  );
}

function Origins({ origins }: { origins: Plans['origins'] }) {
  if (origins === null) return null;
  return (
    <dl className={css['origins']}>
      {Object.entries(origins).map(([name, origin]) => (
        <div key={name}>
          <dt>
            {FIELDS[name] ?? name} <ProvenanceBadge provenance={origin.provenance} />
          </dt>
          <dd>{origin.source}</dd>
        </div>
      ))}
    </dl>
  );
}

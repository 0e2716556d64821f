import { ScrollText } from 'lucide-react';
import { Link } from 'wouter';
import { useAudit } from '../../api/queries';
import { type AuditRow, type Overview } from '../../api/types';
import { type Amounts } from '../../format/amounts';
import { useAmounts, When } from '../../format/context';
import { planName } from '../../format/words';
import { links } from '../../shell/links';
import { Card } from '../../ui/card';
import { ExportButton } from '../../ui/export-button';
import { LoadMore } from '../../ui/load-more';
import { Page } from '../../ui/page';
import { Read } from '../../ui/read';
import { Empty } from '../../ui/states';
import { Table, Td, Th, Tr } from '../../ui/table';
import css from './audit.module.css';

/** For billing admins: who changed what of the team, and when. */
export default function AuditView({ team }: { team: Overview }) {
  const amounts = useAmounts();
  const audit = useAudit(team.team);
  return (
    <Page
      title="Audit"
      about={<>Who changed what, newest first · times in {team.timeZone}</>}
      actions={
        <ExportButton
          path={`/v1/teams/${encodeURIComponent(team.team)}/audit`}
          file={`${team.team}-audit.csv`}
        />
      }
    >
      <Card title="Changes by name" flush>
        <Read query={audit}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty icon={<ScrollText size={22} />} title="Nothing was changed by anybody">
                Pay-as-you-go, plans, packs, adjustments, reversals and discards are kept here, each with who
                did it.
              </Empty>
            ) : (
              <>
                <Table
                  caption="Audit trail"
                  head={
                    <>
                      <Th>When</Th>
                      <Th>Who</Th>
                      <Th>What</Th>
                      <Th>Reason</Th>
                      <Th>Request</Th>
                    </>
                  }
                >
                  {rows.map((row) => (
                    <Tr key={row.entry}>
                      <Td label="When" className={css['when']}>
                        <When at={row.at} />
                      </Td>
                      <Td label="Who" className={css['text']}>
                        {row.actor}
                      </Td>
                      <Td lead>
                        {whatText(row, amounts)}
                        {row.reversed !== null && (
                          <Link href={links.run(team.team, row.reversed.runId)} className={css['sub']}>
                            {row.reversed.key}
                          </Link>
                        )}
                      </Td>
                      <Td label={row.reason === null ? undefined : 'Reason'} className={css['text']}>
                        {row.reason}
                      </Td>
                      <Td label="Request">
                        {row.requestId !== null && <code className={css['request']}>{row.requestId}</code>}
                      </Td>
                    </Tr>
                  ))}
                </Table>
                <LoadMore query={audit} />
              </>
            )
          }
        </Read>
      </Card>
    </Page>
  );
}

function whatText({ kind, millicredits, setting }: AuditRow, amounts: Amounts): string {
  if (setting !== null) return settingText(setting, amounts);
  const credits = amounts.withUnit(millicredits);
  switch (kind) {
    case 'grant':
      return `Gave ${credits}`;
    case 'withdraw':
      return `Withdrew ${credits}`;
    case 'reversal':
      return `Gave back ${credits}`;
    case 'discard':
      return 'Took waiting runs out of the line';
    default:
      return `${kind}: ${credits}`;
  }
}

/** What the team is set to from then on. */
function settingText(setting: NonNullable<AuditRow['setting']>, amounts: Amounts): string {
  const payg = !setting.paygEnabled
    ? 'pay-as-you-go off'
    : setting.paygCap === null
      ? 'pay-as-you-go on, no cap'
      : `pay-as-you-go on, to ${amounts.ofMicroUsd(setting.paygCap)}`;
  const next = setting.nextPlan === null ? '' : `, ${planName(setting.nextPlan)} from the next reset`;
  const status = setting.status === 'active' ? '' : `, ${setting.status}`;
  return `Set to: ${planName(setting.plan)}${next}, ${payg}${status}`;
}

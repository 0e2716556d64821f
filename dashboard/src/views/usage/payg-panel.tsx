import { Info, Lock } from 'lucide-react';
import { useId, useState } from 'react';
import { useMe, usePaygPreview } from '../../api/queries';
import { type Overview } from '../../api/types';
import { reach } from '../../format/amounts';
import { useAmounts } from '../../format/context';
import { planName } from '../../format/words';
import { Button } from '../../ui/button';
import { Switch } from '../../ui/switch';
import { PaygOffDialog } from './payg-off-dialog';
import { PaygOnDialog } from './payg-on-dialog';
import css from './payg.module.css';
import { rateText, waitsText } from './payg-texts';

/** Whether usage goes on beyond what the team has, for how much, and who may say so. */
export function PaygPanel({ team }: { team: Overview }) {
  const me = useMe();
  const amounts = useAmounts();
  const title = useId();
  const reason = useId();
  const [asking, setAsking] = useState<'on' | 'off' | null>(null);
  const { payAsYouGo: payg } = team;
  const preview = usePaygPreview(team.team, {}, payg.eligible && !payg.enabled && team.waiting > 0);
  const close = (): void => {
    setAsking(null);
  };
  const may = me.data?.may.includes('setPayAsYouGo');
  const why = whyNot(team, may);
  return (
    <section className={css['panel']} aria-labelledby={title}>
      <div className={css['head']}>
        <div className={why?.greyed === true ? css['off'] : undefined}>
          <h3 id={title}>Pay-as-you-go</h3>
          <p className={css['price']}>{rateText(payg.rate, amounts)}, billed on what is actually used</p>
        </div>
        <Switch
          checked={payg.enabled}
          // Who reads is not known yet: nobody is told that they may not.
          disabled={why !== null || may === undefined}
          labelledBy={title}
          describedBy={why === null ? undefined : reason}
          onChange={(on) => {
            setAsking(on ? 'on' : 'off');
          }}
        />
      </div>
      {why !== null && (
        <p className={css['reason']} id={reason}>
          {why.greyed ? <Info size={15} aria-hidden="true" /> : <Lock size={15} aria-hidden="true" />}
          {why.text}
        </p>
      )}
      {payg.enabled ? (
        <Spent
          team={team}
          change={
            why === null && may === true
              ? () => {
                  setAsking('on');
                }
              : null
          }
        />
      ) : (
        payg.eligible && (
          <>
            {team.waiting > 0 && preview.data !== undefined && (
              <p className={css['wait']}>{waitsText(preview.data, amounts)}</p>
            )}
            <p className={css['say']}>
              It is off. When nothing is left, running flows complete and new runs wait until the reset.
            </p>
          </>
        )
      )}
      {asking === 'on' && <PaygOnDialog team={team} onClose={close} />}
      {asking === 'off' && <PaygOffDialog team={team} onClose={close} />}
    </section>
  );
}

function Spent({ team: { payAsYouGo: payg }, change }: { team: Overview; change: (() => void) | null }) {
  const amounts = useAmounts();
  const used = BigInt(payg.charged) + BigInt(payg.held);
  const room = payg.headroom === null ? null : BigInt(payg.headroom);
  return (
    <>
      <p className={css['spent']}>
        <span>
          <strong>{amounts.ofCents(payg.chargedCents)}</strong> this month
          {payg.capMicroUsd === null ? ', no cap' : ` of ${amounts.ofMicroUsd(payg.capMicroUsd)}`}
        </span>
        {change !== null && (
          <Button small onClick={change}>
            Change cap
          </Button>
        )}
      </p>
      {room !== null && (
        <div className={css['meter']} aria-hidden="true">
          <div className={css['meterFill']} style={{ width: `${String(reach(used, used + room) * 100)}%` }} />
        </div>
      )}
      <p className={css['say']}>
        {amounts.withUnit(payg.charged)} used beyond what the team has
        {BigInt(payg.held) > 0n && `, ${amounts.ofCredits(payg.held)} held by running runs`}.
        {room === 0n && ' The cap is reached: new runs wait.'}
      </p>
    </>
  );
}

/** Why this reader cannot turn it; null if they can. Greyed: nobody of this team can. */
function whyNot(
  team: Overview,
  may: boolean | undefined,
): { readonly text: string; readonly greyed: boolean } | null {
  if (!team.payAsYouGo.eligible)
    return {
      text: `The ${planName(team.plan)} plan has no pay-as-you-go. On a plan that has it, usage can go on beyond the included credits.`,
      greyed: true,
    };
  if (team.status !== 'active' && !team.payAsYouGo.enabled)
    return { text: `The team is ${team.status}.`, greyed: true };
  if (may === false)
    return { text: 'Only a billing admin of the team can turn this on or off.', greyed: false };
  return null;
}

import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { useDeferredValue, useId, useState, type SyntheticEvent } from 'react';
import { useSetPayg } from '../../api/commands';
import { usePaygPreview } from '../../api/queries';
import { type Overview } from '../../api/types';
import { decimalText, parseDollars } from '../../format/amounts';
import { useAmounts } from '../../format/context';
import { Button } from '../../ui/button';
import { CommandState } from '../../ui/command-state';
import { Dialog, DialogActions } from '../../ui/dialog';
import { messageOf } from '../../api/problem';
import { useTell } from '../../ui/toast';
import css from './payg.module.css';
import { atOnceText, rateText, waitsText } from './payg-texts';

type Choice = 'capped' | 'uncapped';

/** What is asked before pay-as-you-go is on, or has another cap: how much at most, and what it would set going. */
export function PaygOnDialog({ team, onClose }: { team: Overview; onClose: () => void }) {
  const { payAsYouGo: payg } = team;
  const amounts = useAmounts();
  const tell = useTell();
  const [choice, setChoice] = useState<Choice>(
    payg.enabled && payg.capMicroUsd === null ? 'uncapped' : 'capped',
  );
  const [typed, setTyped] = useState<string>(
    payg.capMicroUsd === null ? '25' : decimalText(BigInt(payg.capMicroUsd), 6),
  );
  const [tried, setTried] = useState(false);
  const cap = parseDollars(typed);
  const set = useSetPayg(team.team);
  // What was asked for stays what is asked, also when it turns out done while its answer is awaited.
  const [changes] = useState(payg.enabled);
  const [ids] = [{ cap: useId(), capHelp: useId(), none: useId(), error: useId() }];
  const invalid = choice === 'capped' && cap === null;

  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setTried(true);
    if (invalid || set.isPending) return;
    set.mutate(
      { enabled: true, ...(choice === 'uncapped' ? { uncapped: true as const } : { capUsd: cap ?? '' }) },
      {
        onSuccess: () => {
          tell(
            changes ? 'Cap changed' : 'Pay-as-you-go is on',
            team.waiting > 0 ? 'Waiting runs go in their order.' : 'New runs go on beyond what the team has.',
          );
          onClose();
        },
      },
    );
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title={changes ? 'Change the cap' : 'Turn on pay-as-you-go'}
      about={`${rateText(payg.rate, amounts)}, billed on what is actually used, after everything the team has. You can turn it off at any time.`}
    >
      <form onSubmit={submit} noValidate>
        <Preview team={team} choice={choice} cap={cap} />
        <RadioGroup
          className={css['choices']}
          aria-label="Cap for each month"
          value={choice}
          onValueChange={(value) => {
            setChoice(value === 'uncapped' ? 'uncapped' : 'capped');
          }}
        >
          <div className={css['choice']}>
            <Radio.Root
              value="capped"
              className={css['radio']}
              aria-labelledby={ids.cap}
              aria-describedby={ids.capHelp}
            />
            <div>
              <strong id={ids.cap}>Cap each month</strong>
              <p id={ids.capHelp}>At the cap new runs wait again; running flows complete.</p>
              <div className={css['cap']}>
                <label className={css['money']}>
                  <span aria-hidden="true">$</span>
                  <span className="hidden-but-read">Cap in dollars</span>
                  <input
                    inputMode="decimal"
                    autoComplete="off"
                    value={typed}
                    disabled={choice !== 'capped'}
                    aria-invalid={invalid && tried}
                    aria-describedby={invalid ? ids.error : undefined}
                    onChange={(event) => {
                      setTyped(event.target.value);
                    }}
                  />
                </label>
                a month
              </div>
              {invalid && (tried || typed !== '') && (
                <p className={css['error']} id={ids.error}>
                  An amount in dollars, such as 25 or 12.50.
                </p>
              )}
            </div>
          </div>
          <div className={css['choice']}>
            <Radio.Root value="uncapped" className={css['radio']} aria-labelledby={ids.none} />
            <div>
              <strong id={ids.none}>No cap</strong>
              <p>Whatever is used is billed.</p>
            </div>
          </div>
        </RadioGroup>
        <CommandState pending={set.isPending} error={set.error} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" busy={set.isPending}>
            {changes ? 'Change cap' : 'Turn on'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** What the ledger says would happen, for the cap that is being typed. */
function Preview({ team, choice, cap }: { team: Overview; choice: Choice; cap: string | null }) {
  const amounts = useAmounts();
  const asked = useDeferredValue(choice === 'uncapped' ? 'uncapped' : cap);
  const preview = usePaygPreview(
    team.team,
    asked === 'uncapped' ? { uncapped: true } : asked === null ? {} : { capUsd: asked },
    true,
  );
  const told = preview.data;
  return (
    <div className={css['preview']} aria-live="polite" aria-busy={preview.isFetching}>
      {told === undefined ? (
        <strong>{preview.isError ? messageOf(preview.error) : 'Counting who waits …'}</strong>
      ) : told.waiting === 0 ? (
        <>
          <strong>No run waits now</strong>
          <p>Nothing is billed until the team has used up what it has.</p>
        </>
      ) : (
        <>
          <strong>{waitsText(told, amounts)}</strong>
          <p>{atOnceText(told, amounts) ?? 'They go in their order.'}</p>
        </>
      )}
    </div>
  );
}

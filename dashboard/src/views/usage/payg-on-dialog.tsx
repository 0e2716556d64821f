import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { useDeferredValue, useId, useRef, useState, type SyntheticEvent } from 'react';
import { useSetPayg } from '../../api/commands';
import { usePaygPreview } from '../../api/queries';
import { type Overview } from '../../api/types';
import { useAmounts } from '../../format/context';
import { decimalText } from '../../format/decimal';
import { Button } from '../../ui/button';
import { CommandState } from '../../ui/command-state';
import { Dialog, DialogActions } from '../../ui/dialog';
import { messageOf } from '../../api/problem';
import { useTell } from '../../ui/toast';
import css from './payg.module.css';
import { atOnceText, billedText, rateText, waitsText } from './payg-texts';
import { sumsOf } from './slices';

/** Proposed where there is none. */
const USUAL_CAP_MICRO_USD = 25_000_000n;

type Choice = 'capped' | 'uncapped';

/** What is asked before pay-as-you-go is on, or has another cap: how much at most, and what it would set going. */
export function PaygOnDialog({ team, onClose }: { team: Overview; onClose: () => void }) {
  const { payAsYouGo: payg } = team;
  const amounts = useAmounts();
  const tell = useTell();
  const [choice, setChoice] = useState<Choice>(
    payg.enabled && payg.capMicroUsd === null ? 'uncapped' : 'capped',
  );
  const [typed, setTyped] = useState<string>(amounts.toType(payg.capMicroUsd ?? USUAL_CAP_MICRO_USD));
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const cap = amounts.typedDollarsOf(typed);
  const set = useSetPayg(team.team);
  // What was asked for stays what is asked, also when it turns out done while its answer is awaited.
  const [changes] = useState(payg.enabled);
  const [ids] = [{ cap: useId(), capHelp: useId(), none: useId(), error: useId() }];
  const invalid = choice === 'capped' && cap === null;

  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setTried(true);
    // Who does not see the hint hears it: the field is described by it.
    if (invalid) field.current?.focus();
    if (invalid || set.isPending) return;
    const asked = choice === 'uncapped' ? null : cap;
    set.mutate(
      {
        enabled: true,
        ...(asked === null ? { uncapped: true as const } : { capUsd: decimalText(asked, 6) }),
      },
      {
        onSuccess: () => {
          tell(
            changes ? 'Cap changed' : 'Pay-as-you-go is on',
            asked === null ? 'There is no cap.' : `At most ${amounts.ofMicroUsd(asked)} each month.`,
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
                    ref={field}
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
                  An amount in dollars, such as {amounts.toType(25_000_000n)} or {amounts.toType(12_500_000n)}
                  .
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
function Preview({ team, choice, cap }: { team: Overview; choice: Choice; cap: bigint | null }) {
  const amounts = useAmounts();
  const asked = useDeferredValue(choice === 'uncapped' ? 'uncapped' : cap);
  const preview = usePaygPreview(
    team.team,
    asked === 'uncapped' ? { uncapped: true } : asked === null ? {} : { capUsd: decimalText(asked, 6) },
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
          <p>{billedText(told, sumsOf(team).left)}</p>
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

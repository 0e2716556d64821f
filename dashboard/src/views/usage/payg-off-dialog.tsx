import { useSetPayg } from '../../api/commands';
import { type Overview } from '../../api/types';
import { useAmounts } from '../../format/context';
import { Button } from '../../ui/button';
import { CommandState } from '../../ui/command-state';
import { Dialog, DialogActions } from '../../ui/dialog';
import { useTell } from '../../ui/toast';
import css from './payg.module.css';

export function PaygOffDialog({ team, onClose }: { team: Overview; onClose: () => void }) {
  const amounts = useAmounts();
  const tell = useTell();
  const set = useSetPayg(team.team);
  const held = BigInt(team.payAsYouGo.held);
  return (
    <Dialog
      open
      onClose={onClose}
      title="Turn off pay-as-you-go"
      about="Running flows complete. When nothing is left, new runs wait until the reset."
    >
      <div className={css['preview']}>
        <strong>
          {amounts.ofCents(team.payAsYouGo.chargedCents)} was used this month and will be billed.
        </strong>
        <p>
          {held > 0n
            ? `Running runs hold another ${amounts.withUnit(held)} of pay-as-you-go: what they use of it is still billed.`
            : 'No running run holds any of it: nothing more is billed.'}
        </p>
      </div>
      <CommandState pending={set.isPending} error={set.error} />
      <DialogActions>
        <Button onClick={onClose}>Keep it on</Button>
        <Button
          kind="danger"
          busy={set.isPending}
          onClick={() => {
            set.mutate(
              { enabled: false },
              {
                onSuccess: () => {
                  tell('Pay-as-you-go is off');
                  onClose();
                },
              },
            );
          }}
        >
          Turn off
        </Button>
      </DialogActions>
    </Dialog>
  );
}

import { useState, type ReactNode } from 'react';
import { Button } from './button';
import { CommandState } from './command-state';
import { Dialog, DialogActions } from './dialog';
import css from './field.module.css';

interface ConfirmProps {
  readonly title: string;
  readonly about: ReactNode;
  readonly doIt: string;
  /** Asks for a reason, which is kept with what is done. */
  readonly asksReason?: boolean;
  readonly pending: boolean;
  readonly error: unknown;
  readonly onConfirm: (reason: string) => void;
  readonly onClose: () => void;
  readonly focusAfter?: () => HTMLElement | null;
}

/** Asked before something that cannot be taken back. */
export function Confirm({
  title,
  about,
  doIt,
  asksReason = false,
  pending,
  error,
  onConfirm,
  onClose,
  focusAfter,
}: ConfirmProps) {
  const [reason, setReason] = useState('');
  return (
    <Dialog open onClose={onClose} title={title} about={about} focusAfter={focusAfter}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!pending) onConfirm(reason.trim());
        }}
      >
        {asksReason && (
          <label className={css['field']}>
            <span>Reason, kept in the audit trail</span>
            <input
              className={css['input']}
              value={reason}
              required
              maxLength={1000}
              onChange={(event) => {
                setReason(event.target.value);
              }}
            />
          </label>
        )}
        <CommandState pending={pending} error={error} />
        <DialogActions>
          <Button onClick={onClose}>Keep</Button>
          <Button type="submit" kind="danger" busy={pending}>
            {doIt}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

import { createContext, use, useRef, useState, type ReactNode } from 'react';
import { useCancelRun, useDiscardRun } from '../../api/commands';
import { Button } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { useTell } from '../../ui/toast';

interface EndRunProps {
  readonly run: { readonly runId: string; readonly flow: string };
  readonly waiting: boolean;
}

interface Asked extends EndRunProps {
  /** What the run stands in: the focus goes there when the run is gone. */
  readonly place: HTMLElement | null;
}

const AskContext = createContext<(asked: Asked) => void>(() => undefined);

/**
 * Where runs below are asked about before they are ended. Not in a run's own row: that is gone as soon as the run is, and
 * would take the question, what came of it, and the reader's focus with it.
 */
export function EndRuns({ team, children }: { team: string; children: ReactNode }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  return (
    <AskContext value={setAsked}>
      {children}
      {asked !== null && (
        <Ask
          {...asked}
          team={team}
          onClose={() => {
            setAsked(null);
          }}
        />
      )}
    </AskContext>
  );
}

/** For developers: takes a waiting run out of the line, or cancels one that is under way. Stands in {@link EndRuns}. */
export function EndRun({ run, waiting }: EndRunProps) {
  const ask = use(AskContext);
  return (
    <Button
      small
      onClick={({ currentTarget }) => {
        ask({ run, waiting, place: currentTarget.closest<HTMLElement>('section, main') });
      }}
      aria-label={`${waiting ? 'Discard' : 'Cancel'} ${run.flow}`}
    >
      {waiting ? 'Discard' : 'Cancel'}
    </Button>
  );
}

function Ask({ team, run, waiting, place, onClose }: Asked & { team: string; onClose: () => void }) {
  const tell = useTell();
  const discard = useDiscardRun(team);
  const cancel = useCancelRun(team);
  const { isPending, error } = waiting ? discard : cancel;
  const isDone = useRef(false);
  const done = {
    onSuccess: () => {
      tell(waiting ? 'Taken out of the line' : 'Told to end', run.flow);
      isDone.current = true;
      onClose();
    },
  };
  return (
    <Confirm
      title={waiting ? 'Discard this waiting run?' : 'Cancel this run?'}
      about={
        waiting
          ? `“${run.flow}” leaves the line and does not run. It has used nothing.`
          : `“${run.flow}” ends. What it used is charged, what it still holds goes back.`
      }
      doIt={waiting ? 'Discard' : 'Cancel the run'}
      asksReason={waiting}
      pending={isPending}
      error={error}
      onClose={onClose}
      // Its button goes with the run, now or in a moment.
      focusAfter={() => (isDone.current ? place : null)}
      onConfirm={(reason) => {
        if (waiting) discard.mutate({ run: run.runId, reason }, done);
        else cancel.mutate({ run: run.runId }, done);
      }}
    />
  );
}

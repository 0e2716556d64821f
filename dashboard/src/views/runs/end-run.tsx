import { useState } from 'react';
import { useCancelRun, useDiscardRun } from '../../api/commands';
import { Button } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { useTell } from '../../ui/toast';

interface EndRunProps {
  readonly team: string;
  readonly run: { readonly runId: string; readonly flow: string };
  readonly waiting: boolean;
}

/** For developers: takes a waiting run out of the line, or cancels one that is under way. */
export function EndRun({ team, run, waiting }: EndRunProps) {
  const [asked, setAsked] = useState(false);
  return (
    <>
      <Button
        small
        onClick={() => {
          setAsked(true);
        }}
        aria-label={`${waiting ? 'Discard' : 'Cancel'} ${run.flow}`}
      >
        {waiting ? 'Discard' : 'Cancel'}
      </Button>
      {asked && (
        <Ask
          team={team}
          run={run}
          waiting={waiting}
          onClose={() => {
            setAsked(false);
          }}
        />
      )}
    </>
  );
}

function Ask({ team, run, waiting, onClose }: EndRunProps & { onClose: () => void }) {
  const tell = useTell();
  const discard = useDiscardRun(team);
  const cancel = useCancelRun(team);
  const { isPending, error } = waiting ? discard : cancel;
  const done = {
    onSuccess: () => {
      tell(waiting ? 'Taken out of the line' : 'Told to end', run.flow);
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
      onConfirm={(reason) => {
        if (waiting) discard.mutate({ run: run.runId, reason }, done);
        else cancel.mutate({ run: run.runId }, done);
      }}
    />
  );
}

import { type RunRow } from '../../api/types';
import { Badge, type Tone } from '../../ui/badge';

interface State {
  readonly label: string;
  readonly tone: Tone;
}

const STATES: Readonly<Record<RunRow['status'], State>> = {
  waiting: { label: 'Waiting', tone: 'warn' },
  admitted: { label: 'Running', tone: 'accent' },
  closed: { label: 'Ended', tone: 'neutral' },
  left: { label: 'Left the line', tone: 'outline' },
};

/** How a run ended that was admitted. */
const ENDS: Readonly<Record<string, State>> = {
  completed: { label: 'Completed', tone: 'neutral' },
  failed: { label: 'Failed', tone: 'bad' },
  cancelled: { label: 'Cancelled', tone: 'outline' },
  terminated: { label: 'Terminated', tone: 'bad' },
  'timed-out': { label: 'Timed out', tone: 'bad' },
};

export function RunBadge({ run: { status, closeReason } }: { run: Pick<RunRow, 'status' | 'closeReason'> }) {
  const end = status === 'closed' ? ENDS[closeReason ?? ''] : undefined;
  const { label, tone } = end ?? STATES[status];
  return <Badge tone={tone}>{label}</Badge>;
}

import { type RunRow } from '../../api/types';
import { Badge, type Tone } from '../../ui/badge';

const STATES: Readonly<Record<RunRow['status'], { readonly label: string; readonly tone: Tone }>> = {
  waiting: { label: 'Waiting', tone: 'warn' },
  admitted: { label: 'Running', tone: 'accent' },
  closed: { label: 'Ended', tone: 'neutral' },
  left: { label: 'Left the line', tone: 'outline' },
};

export function RunBadge({ status }: { status: RunRow['status'] }) {
  const { label, tone } = STATES[status];
  return <Badge tone={tone}>{label}</Badge>;
}

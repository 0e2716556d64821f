import { type LineRow, type Overview } from '../../api/types';

/** Why runs wait, and what lets them go. */
export function whyWaiting(reason: LineRow['reason'], { payAsYouGo, status }: Overview): string {
  if (status !== 'active') return `The team is ${status}: nobody goes until it is active again.`;
  if (reason === 'held')
    return 'What is left is held by runs under way. Waiting runs go, in their order, when something comes back.';
  if (payAsYouGo.enabled)
    return 'Everything is spent and the cap is reached. Waiting runs go at the reset, or with a higher cap.';
  if (payAsYouGo.eligible)
    return 'Everything is spent. Waiting runs go, in their order, at the reset, or when pay-as-you-go is turned on.';
  return 'Everything is spent. Waiting runs go, in their order, at the reset.';
}

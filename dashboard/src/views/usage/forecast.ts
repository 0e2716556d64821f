import { type Forecast, type Overview } from '../../api/types';
import { type Amounts } from '../../format/amounts';
import { type Times } from '../../format/times';

/** What the forecast says, and what it stands on; or why there is none. */
export function forecastText(
  { status, day, at, leftAtReset, basis, daysNeeded }: Forecast,
  { payAsYouGo }: Overview,
  amounts: Amounts,
  times: Times,
): { readonly title: string; readonly text: string } {
  const pace =
    basis === null
      ? ''
      : `At the pace of the last ${basis.days === 1 ? 'day' : `${amounts.count(basis.days)} days`} (${amounts.withUnit(basis.used)})`;
  switch (status) {
    case 'too-little-data':
      return {
        title: 'No forecast yet',
        text: `It takes ${amounts.count(daysNeeded)} whole days since usage began.`,
      };
    case 'out':
      return {
        title: 'Everything the team has is used up',
        text: !payAsYouGo.enabled
          ? 'New runs wait until the reset, or until something is added.'
          : payAsYouGo.headroom === '0'
            ? 'The cap of pay-as-you-go is reached: new runs wait until the reset, or for a higher cap.'
            : 'Usage goes on by pay-as-you-go.',
      };
    case 'runs-out':
      return {
        title: `Runs out on ${at === null ? (day ?? '') : times.day(at)}`,
        text: `${pace} that is before the reset.${payAsYouGo.enabled ? ' Pay-as-you-go is billed from then on.' : ''}`,
      };
    case 'lasts':
      return {
        title: 'Lasts until the reset',
        text: `${pace} about ${amounts.withUnit(leftAtReset ?? '0')} will be left then.`,
      };
  }
}

import { type Overview, type PaygPreview } from '../../api/types';
import { type Amounts } from '../../format/amounts';

/** "$1.00 per 1,000 credits" */
export function rateText(rate: Overview['payAsYouGo']['rate'], amounts: Amounts): string {
  return `${amounts.ofWholeDollars(rate.microUsd)} per ${amounts.count(BigInt(rate.credits))} credits`;
}

/** "412 runs wait, about 1,236 credits, $1.24." */
export function waitsText(preview: PaygPreview, amounts: Amounts): string {
  const { waiting, likely, likelyCents } = preview;
  const runs = waiting === 1 ? '1 run waits' : `${amounts.count(waiting)} runs wait`;
  return `${runs}, about ${amounts.withUnit(likely)}, ${amounts.ofCents(likelyCents)}.`;
}

/** Who would go at once, of those who wait. */
export function atOnceText(preview: PaygPreview, amounts: Amounts): string | null {
  const { atOnce, waiting } = preview;
  if (atOnce === null || waiting === 0) return null;
  if (atOnce.runs >= waiting) return waiting === 1 ? 'It goes at once.' : 'All of them go at once.';
  if (atOnce.runs === 0) return 'Under this cap none of them goes.';
  return `${amounts.count(atOnce.runs)} of them ${atOnce.runs === 1 ? 'goes' : 'go'} at once; the others wait for the reset or a higher cap.`;
}

/** From when on usage is billed where nobody waits. `left` is what grants have: it is used before. */
export function billedText({ atOnce, now, rate }: PaygPreview, left: bigint): string {
  const cap = atOnce?.capMicroUsd ?? null;
  const drawn = BigInt(now.charged) + BigInt(now.held);
  // Cross-multiplied: nothing is rounded. The rate is so many millionths of a dollar for so many credits.
  if (cap !== null && BigInt(cap) * BigInt(rate.credits) * 1000n <= drawn * BigInt(rate.microUsd))
    return 'This cap is reached already: beyond what the team has, new runs wait.';
  return left > 0n
    ? 'Nothing is billed until the team has used up what it has.'
    : 'Nothing is left: what new runs use is billed.';
}

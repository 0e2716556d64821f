import { millicredits } from '../../../contracts/millicredits';
import { microUsd, type PaygRate } from '../../../contracts/money';
import { type PlanRules } from '../../../contracts/plan';
import { foldedAvailable, type Fold } from '../fold';
import { includedCredits } from '../included';
import { compareForUse } from '../order-of-use';
import { grantOfSource } from '../parts';
import { creditsWithin, UNBOUNDED } from '../spendable';
import { type Entry, type Grant, type Rules, type Setting, type Source } from '../types';
import { type Report } from './violation';

/**
 * What holds for each draw at its moment: PAYG only while it was on, on a plan that has it and within its cap; no
 * later source while an earlier one was spendable. Follows the settings that the entries carry.
 */
export class DrawCheck {
  /** The most included credits a plan of the period gave, by period. */
  readonly bestIncluded = new Map<number, bigint>();
  setting: Setting | null = null;

  constructor(
    private readonly grants: ReadonlyMap<number, Grant>,
    private readonly rules: Rules,
    private readonly report: Report,
  ) {}

  /** After the fold has taken the entry. */
  entry(entry: Entry, fold: Fold): void {
    if (entry.setting !== null) this.follow(entry, entry.setting);
    if (entry.kind !== 'hold' && entry.kind !== 'charge') return;
    this.payg(entry, fold);
    this.order(entry, fold);
  }

  private follow(entry: Entry, setting: Setting): void {
    this.setting = setting;
    const plan = this.plan(entry);
    if (plan === null) return;
    const custom = setting.customIncluded === null ? null : millicredits(BigInt(setting.customIncluded));
    const included = includedCredits({ customIncluded: custom }, plan);
    const best = this.bestIncluded.get(entry.period) ?? 0n;
    if (included > best) this.bestIncluded.set(entry.period, included);
  }

  private plan(entry: Entry): PlanRules | null {
    const plan = this.setting === null ? null : this.rules.plan(this.setting.plan, entry.at);
    if (plan === null) this.report(8, [`entries ${entry.seq}`], 'has no known plan');
    return plan;
  }

  private payg(entry: Entry, fold: Fold): void {
    let drawn = 0n;
    for (const { account, delta } of entry.moves) {
      if (account === 'payg.held' || account === 'payg.charged') drawn += delta;
    }
    if (drawn <= 0n) return;
    const left = this.headroom(entry, fold);
    if (left < 0n) {
      this.report(8, [`entries ${entry.seq}`], `draws ${drawn} of PAYG, ${-left} more than there was`);
    }
  }

  /** What may still be drawn of PAYG after the entry; negative if too much was. */
  private headroom(entry: Entry, fold: Fold): bigint {
    const used = fold.period.paygCharged + fold.paygHeld;
    if (!(this.setting?.paygEnabled ?? false) || !(this.plan(entry)?.payg ?? false)) return -used;
    const cap = this.setting?.paygCap ?? null;
    return cap === null ? UNBOUNDED : creditsWithin(BigInt(cap), this.rate(entry)) - used;
  }

  private rate(entry: Entry): PaygRate {
    const own = this.setting?.paygRate ?? null;
    if (own !== null) return { microUsd: microUsd(BigInt(own.microUsd)), credits: BigInt(own.credits) };
    return this.plan(entry)?.paygRate ?? { microUsd: microUsd(0n), credits: 1n };
  }

  /** What stood before the last source the entry drew on must have been empty, for this run. */
  private order(entry: Entry, fold: Fold): void {
    const last = entry.parts.at(-1)?.source;
    if (last === undefined) return;
    const rows = [`entries ${entry.seq}`];
    for (const source of this.before(last, entry, fold)) {
      const id = grantOfSource(source);
      const held = entry.kind === 'charge' ? fold.heldBy(entry.runId ?? '', source) : 0n;
      const grant = id === null ? undefined : fold.grants.get(id);
      const free = grant === undefined ? 0n : foldedAvailable(grant);
      if (held > 0n) this.report(6, rows, `draws on ${last} while its run held ${held} of ${source}`);
      if (free > 0n) this.report(6, rows, `draws on ${last} while ${free} of ${source} were available`);
    }
    if (last !== 'overdraft') return;
    const left = this.headroom(entry, fold);
    if (left > 0n) this.report(6, rows, `is overdraft while ${left} of PAYG were left`);
  }

  private before(source: Source, entry: Entry, fold: Fold): Source[] {
    const rows = [...fold.grants.keys()].flatMap((id) => this.grants.get(id) ?? []);
    const live = rows.filter((grant) => {
      const folded = fold.grants.get(grant.id);
      return folded !== undefined && (folded.held > 0n || foldedAvailable(folded) > 0n);
    });
    const ofGrant = grantOfSource(source);
    if (ofGrant === null) {
      const all = live.map(({ id }): Source => `grant:${id}`);
      return source === 'overdraft' ? [...all, 'payg'] : all;
    }
    const own = this.grants.get(ofGrant);
    if (own === undefined) return [];
    return live
      .filter((grant) => grant.id !== ofGrant && compareForUse(grant, own, entry.at) < 0)
      .map(({ id }): Source => `grant:${id}`);
  }
}

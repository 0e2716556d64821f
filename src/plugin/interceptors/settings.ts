import { type TeamPlace } from '../../contracts/team-source';

/** What the bundle itself must know: it decides in the sandbox, without an event, whether a workflow is metered. */
export interface BundleSettings {
  /** False: new workflows are not metered; those that are, go on. */
  readonly on: boolean;
  /** Null: the worker has code for it and is asked. */
  readonly team: TeamPlace | null;
  readonly around: Around;
}

/** Activities that are executed where no ledger is: their workflow reserves before and commits after. */
export interface Around {
  readonly taskQueues: readonly string[];
  readonly activities: readonly string[];
  /** Where an activity's result tells its usage, `stats.usage`; empty: nowhere. */
  readonly usage: readonly string[];
}

const NAME = 'flow-credits-settings';

/** A bundle from before it had settings asks the worker about every workflow. */
const UNSET: BundleSettings = {
  on: true,
  team: null,
  around: { taskQueues: [], activities: [], usage: [] },
};

/** The interceptors' module with its settings: a bundler hands the query of a request to the module itself. */
export function withSettings(modulePath: string, settings: BundleSettings): string {
  // What a bundler reads as its own syntax (`!`) is no part of the value.
  const value = encodeURIComponent(JSON.stringify(settings)).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  return `${modulePath}?${NAME}=${value}`;
}

/** What {@link withSettings} put there, wherever in a text it stands. */
export function settingsIn(text: string): BundleSettings {
  const [, value] = new RegExp(`${NAME}=([\\w%.~-]+)`).exec(text) ?? [];
  // Written by the same package at bundling time, and by nobody else.
  return value === undefined ? UNSET : (JSON.parse(decodeURIComponent(value)) as BundleSettings);
}

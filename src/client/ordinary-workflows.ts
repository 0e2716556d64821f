import { AsyncLocalStorage } from 'node:async_hooks';
import { WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import { ORDINARY } from '../contracts/names';
import { type AdmissionReply } from '../contracts/run';

/** What a platform's own code does with workflows that are not flows, and that the plugin meters. */

const teams = new AsyncLocalStorage<string>();

/**
 * Starts within `work`, by a client that has the plugin, are the team's: the plugin names it where it looks for it, in a
 * header, the memo or a search attribute, so that no workflow needs a team among its arguments.
 */
export function withTeam<T>(team: string, work: () => T): T {
  return teams.run(team, work);
}

/** The team of {@link withTeam} that this code runs in, or undefined. */
export function currentTeam(): string | undefined {
  return teams.getStore();
}

/**
 * The ledger's answer to a metered workflow that was started: waits for it, not for credits. Null where the workflow is
 * not metered. Throws what Temporal throws where no such workflow runs.
 */
export async function admissionOf(
  handle: Pick<WorkflowHandle, 'executeUpdate'>,
): Promise<AdmissionReply | null> {
  try {
    return await handle.executeUpdate<AdmissionReply, []>(ORDINARY.admission);
  } catch (error) {
    const unknown = error instanceof WorkflowUpdateFailedError && error.cause?.message;
    if (typeof unknown === 'string' && unknown.includes('No registered handler')) return null;
    throw error;
  }
}

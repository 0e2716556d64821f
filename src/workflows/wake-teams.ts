import { regular } from './our-activities';

/** Wakes every team with news, page by page. */
export async function wakeTeams(): Promise<void> {
  for (let after: string | null = null; ;) {
    const page: { readonly after?: string | null } = await regular['flowCredits.wakeTeams']({ after });
    after = page.after ?? null;
    if (after === null) return;
  }
}

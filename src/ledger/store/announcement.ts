import { z } from 'zod';

/** The channel on which processes announce that teams have changed. */
export const ANNOUNCEMENTS = 'flow_credits_teams';

/** Postgres takes less than 8,000 bytes at once. */
const MOST_BYTES = 7_900;
/** Instead of teams: any may have changed. */
const ANY_TEAM = '*';

const changedSchema = z.record(z.string(), z.int().positive());

/** Announcements of teams and the versions they are at; of null: any may have changed. */
export function textsOf(changed: ReadonlyMap<string, number> | null): readonly string[] {
  if (changed === null) return [ANY_TEAM];
  const texts: string[] = [];
  let members: string[] = [];
  let bytes = 2;
  for (const [team, version] of changed) {
    const member = `${JSON.stringify(team)}:${version}`;
    const size = Buffer.byteLength(member) + 1;
    if (bytes + size > MOST_BYTES && members.length > 0) {
      texts.push(`{${members.join()}}`);
      [members, bytes] = [[], 2];
    }
    members.push(member);
    bytes += size;
  }
  return members.length === 0 ? texts : [...texts, `{${members.join()}}`];
}

/** What an announcement says; null where any team may have changed. Anybody may notify: nonsense says that too. */
export function announcementFrom(text: string): ReadonlyMap<string, number> | null {
  if (text === ANY_TEAM) return null;
  try {
    const changed = changedSchema.safeParse(JSON.parse(text));
    return changed.success ? new Map(Object.entries(changed.data)) : null;
  } catch {
    return null;
  }
}

import { isKept } from '../contracts/kept';
import { type LedgerReader } from '../ledger/read';

const MOST = 10_000;

/** Which teams there are. A team is never deleted, so what is known to be there is not asked for again. */
export class KnownTeams {
  private readonly known = new Set<string>();

  constructor(private readonly reader: Pick<LedgerReader, 'version'>) {}

  async has(team: string): Promise<boolean> {
    if (this.known.has(team)) return true;
    if (!isKept(team) || (await this.reader.version(team)) === null) return false;
    const [oldest] = this.known;
    if (this.known.size >= MOST && oldest !== undefined) this.known.delete(oldest);
    this.known.add(team);
    return true;
  }
}

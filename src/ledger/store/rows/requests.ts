import { type Json } from '../../../contracts/json';
import { type RequestRecord } from '../../core/types';
import { type Column } from '../columns';
import { Cells, type RawRow } from './cells';

export const REQUEST_COLUMNS: readonly Column<RequestRecord>[] = [
  { name: 'team_id', type: 'text', of: (_, team) => team },
  { name: 'request_id', type: 'text', of: (r) => r.requestId },
  { name: 'payload_hash', type: 'text', of: (r) => r.payloadHash },
  { name: 'result', type: 'json', of: (r) => JSON.stringify(r.result) },
];

export interface RequestOfTeam {
  readonly team: string;
  readonly request: RequestRecord;
}

export function requestFrom(row: RawRow): RequestOfTeam {
  const cells = new Cells(row);
  const team = cells.text();
  const request: RequestRecord = {
    requestId: cells.text(),
    payloadHash: cells.text(),
    result: JSON.parse(cells.text()) as Json,
  };
  return { team, request };
}

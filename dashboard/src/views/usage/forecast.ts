import { type Overview } from '../../api/types';
import { type Times } from '../../format/times';
export function forecastText(_team: Overview, _times: Times): { title: string; text: string } {
  return { title: 'x', text: 'y' };
}

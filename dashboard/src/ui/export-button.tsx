import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { downloadCsv } from '../api/csv';
import { Button } from './button';
import { messageOf } from '../api/problem';
import { useTell } from './toast';

/** Fetches a list of the API as CSV, all of its pages, and hands it to the browser as a file. */
export function ExportButton({ path, file, name = 'CSV' }: { path: string; file: string; name?: string }) {
  const tell = useTell();
  const download = useMutation({
    mutationFn: () => downloadCsv(path, file),
    onError: (error) => {
      tell('The file could not be made', messageOf(error));
    },
  });
  return (
    <Button
      small
      kind="quiet"
      busy={download.isPending}
      onClick={() => {
        download.mutate();
      }}
      aria-label={`Download ${name === 'CSV' ? '' : `${name} `}as CSV`}
    >
      {!download.isPending && <Download size={14} aria-hidden="true" />}
      {name}
    </Button>
  );
}

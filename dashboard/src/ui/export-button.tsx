import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { downloadCsv } from '../api/csv';
import { Button } from './button';
import { messageOf } from '../api/problem';
import { useTell } from './toast';

/** Fetches a list of the API as CSV, all of its pages, and hands it to the browser as a file. Says how far it is. */
export function ExportButton({ path, file, name = 'CSV' }: { path: string; file: string; name?: string }) {
  const tell = useTell();
  const [rows, setRows] = useState(0);
  const download = useMutation({
    mutationFn: () => {
      setRows(0);
      return downloadCsv(path, file, setRows);
    },
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
      {download.isPending && rows > 0 ? `${rows.toLocaleString()} rows` : name}
    </Button>
  );
}

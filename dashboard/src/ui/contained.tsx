import { TriangleAlert } from 'lucide-react';
import { type ReactNode } from 'react';
import { ErrorBoundary, type FallbackProps } from 'react-error-boundary';
import { Button } from './button';
import { PartMissing } from './later';
import { Notice } from './states';
import { messageOf } from '../api/problem';

/**
 * What fails in here takes nothing else with it: React empties the whole page for an error that nobody contains. Tried
 * anew when what is shown becomes something else.
 */
export function Contained({ showing, children }: { showing?: string; children: ReactNode }) {
  return (
    <ErrorBoundary FallbackComponent={Broken} resetKeys={[showing]}>
      {children}
    </ErrorBoundary>
  );
}

function Broken({ error }: FallbackProps) {
  return (
    <Notice
      icon={<TriangleAlert size={22} />}
      title={
        error instanceof PartMissing ? 'This part of the page is not there' : 'This part could not be shown'
      }
      alert
      action={
        <Button
          onClick={() => {
            location.reload();
          }}
        >
          Load the page again
        </Button>
      }
    >
      {messageOf(error)} Your runs are not affected.
    </Notice>
  );
}

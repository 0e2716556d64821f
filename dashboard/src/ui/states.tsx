import { CloudOff, SearchX, ShieldAlert, TriangleAlert } from 'lucide-react';
import { type ReactNode } from 'react';
import { ApiProblem, isPassing, messageOf, Unreachable } from '../api/problem';
import { useServerBack } from '../api/server-answers';
import { Button } from './button';
import { classes } from './classes';
import css from './states.module.css';

/** Grey shapes where text will stand, so that nothing jumps when it comes. */
export function Skeleton({ lines = 3, tall }: { lines?: number; tall?: boolean }) {
  return (
    <div className={css['skeleton']} role="status">
      <span className="hidden-but-read">Loading</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className={classes(css['bone'], tall && css['tall'])} aria-hidden="true" />
      ))}
    </div>
  );
}

interface NoticeProps {
  readonly icon?: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** Who cannot see it is told at once. */
  readonly alert?: boolean;
}

/** Nothing here, and what to do about it. */
export function Empty(props: Omit<NoticeProps, 'alert'>) {
  return <Notice {...props} />;
}

/** What stands where something else would: what it means, and the way out. */
export function Notice({ icon, title, children, action, alert }: NoticeProps) {
  return (
    <div className={css['notice']} role={alert === true ? 'alert' : undefined}>
      {icon !== undefined && (
        <span className={css['icon']} aria-hidden="true">
          {icon}
        </span>
      )}
      <p className={css['title']}>{title}</p>
      {children !== undefined && <p className={css['text']}>{children}</p>}
      {action}
    </div>
  );
}

/** It could not be read: what happened, what it means, and the way out. Read again as soon as a server that is away is back. */
export function Failed({
  error,
  retry,
  retrying,
}: {
  error: unknown;
  retry: () => void;
  retrying?: boolean;
}) {
  const { icon, title, text } = explain(error);
  useServerBack(error instanceof Unreachable, retry);
  const requestId = error instanceof ApiProblem ? error.body.requestId : undefined;
  return (
    <Notice
      icon={icon}
      title={title}
      alert
      action={
        <>
          {requestId !== undefined && (
            <p className={css['text']}>
              Request <code>{requestId}</code>
            </p>
          )}
          <Button onClick={retry} busy={retrying ?? false}>
            Try again
          </Button>
        </>
      }
    >
      {text}
    </Notice>
  );
}

function explain(error: unknown): { icon: ReactNode; title: string; text: string } {
  if (error instanceof Unreachable)
    return {
      icon: <CloudOff size={22} />,
      title: 'The server does not answer',
      text: 'Your runs are not affected. Check your connection; this page tries again by itself when it is back.',
    };
  if (error instanceof ApiProblem && error.status === 404)
    return { icon: <SearchX size={22} />, title: 'Not found', text: messageOf(error) };
  if (error instanceof ApiProblem && error.status === 403)
    return {
      icon: <ShieldAlert size={22} />,
      title: 'You may not see this',
      text: `${messageOf(error)} Ask whoever gave you access.`,
    };
  if (isPassing(error))
    return {
      icon: <CloudOff size={22} />,
      title: 'The service is catching its breath',
      text: 'It cannot read this just now. Runs in flight go on meanwhile; try again in a moment.',
    };
  return { icon: <TriangleAlert size={22} />, title: 'This could not be shown', text: messageOf(error) };
}

import { KeyRound, TimerOff } from 'lucide-react';
import { Empty, Notice } from '../ui/states';
import { ThemeSwitch } from './theme-switch';
import css from './shell.module.css';

/** Who comes without a token, or with one that is over, is told how to get in. */
export function NoIdentity({ expired }: { expired: boolean }) {
  return (
    <div className={css['alone']}>
      <main className={css['aloneCard']}>
        <h1 className="hidden-but-read">Resource usage</h1>
        {expired ? (
          <Notice icon={<TimerOff size={22} />} title="Your session has expired" alert>
            Open this page again from your platform: it brings you here with a fresh session. Nothing that was
            running is affected.
          </Notice>
        ) : (
          <Empty icon={<KeyRound size={22} />} title="You are not signed in">
            Open Resource usage from your platform: its link brings you here signed in. Who runs this API adds
            a token to this address as <code>#token=…</code>.
          </Empty>
        )}
      </main>
      <ThemeSwitch />
    </div>
  );
}

import { useEffect, useEffectEvent } from 'react';
import { pauseAfter } from './backoff';
import { API_BASE } from './base';

/** Asked for the page itself: a gateway whose server is away answers too, with a 5xx. */
export async function serverAnswers(): Promise<boolean> {
  try {
    return (await fetch(`${API_BASE}/`, { method: 'HEAD', cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}

/** While `away`, asks whether the server is back, in pauses that grow; calls `back` once it is. */
export function useServerBack(away: boolean, back: () => void): void {
  const isBack = useEffectEvent(back);
  useEffect(() => {
    if (!away) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    let isOver = false;
    const ask = (failures: number): void => {
      timer = setTimeout(() => {
        void serverAnswers().then((answers) => {
          if (isOver) return;
          if (answers) isBack();
          else ask(failures + 1);
        });
      }, pauseAfter(failures));
    };
    ask(1);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [away]);
}

import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import { pauseAfter } from '../api/backoff';
import { serverAnswers } from '../api/server-answers';

/** The server is there and a part of the page is not: it is another version's since this page was opened. */
export class PartMissing extends Error {
  override readonly name = 'PartMissing';

  constructor(cause: unknown) {
    super('The service was probably brought up to date since you opened this page.', { cause });
  }
}

/**
 * A part of the page that is loaded when it is first shown. While the server is away it is asked for again and again, and
 * what stands for it stays. Throws {@link PartMissing} as it is drawn where the server is there and the part is not.
 */
export function later<Props extends object>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => {
    for (let failures = 1, answered = false; ; failures += 1) {
      try {
        return await load();
      } catch (error) {
        const answers = await serverAnswers();
        // A server that answers now may have been away a moment ago: what it lacks it lacks twice.
        if (answers && answered) throw new PartMissing(error);
        answered = answers;
      }
      if (!answered) await new Promise((resolve) => setTimeout(resolve, pauseAfter(failures)));
    }
  });
}

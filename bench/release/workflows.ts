import { condition, defineSignal, setHandler } from '@temporalio/workflow';

export * from '../../src/workflows';

export const go = defineSignal('go');

/** What a release is held against: it waits for one signal and does nothing else. */
export async function waiter(): Promise<void> {
  let gone = false;
  setHandler(go, () => {
    gone = true;
  });
  await condition(() => gone);
}

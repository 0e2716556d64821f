import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import { type ReactNode } from 'react';
import css from './toast.module.css';

/** What was done, told once, and read out by a screen reader. */
export function Toasts({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider timeout={7000}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className={css['viewport']}>
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function List() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className={css['toast']}>
      <div>
        <Toast.Title className={css['title']} />
        <Toast.Description className={css['text']} />
      </div>
      <Toast.Close className={css['close']} aria-label="Dismiss">
        <X size={15} aria-hidden="true" />
      </Toast.Close>
    </Toast.Root>
  ));
}

export function useTell(): (title: string, text?: string) => void {
  const manager = Toast.useToastManager();
  return (title, text) => {
    manager.add({ title, ...(text === undefined ? {} : { description: text }) });
  };
}

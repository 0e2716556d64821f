import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode } from 'react';
import css from './dialog.module.css';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly about?: ReactNode;
  /** What has the focus afterwards, itself or the first in it that can; null, and left out: what had it before. */
  readonly focusAfter?: (() => HTMLElement | null) | undefined;
  readonly children: ReactNode;
}

/** What is asked before something is done. Esc and the cross leave everything as it is. */
export function Dialog({ open, onClose, title, about, focusAfter, children }: DialogProps) {
  return (
    <Base.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <Base.Portal>
        <Base.Backdrop className={css['backdrop']} />
        <Base.Popup className={css['popup']} finalFocus={focusAfter}>
          <header className={css['header']}>
            <Base.Title className={css['title']}>{title}</Base.Title>
            <Base.Close className={css['close']} aria-label="Close">
              <X size={17} aria-hidden="true" />
            </Base.Close>
          </header>
          {about !== undefined && (
            <Base.Description className={css['about']} render={<div />}>
              {about}
            </Base.Description>
          )}
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={css['actions']}>{children}</div>;
}

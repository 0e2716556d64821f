import { useEffect, type ReactNode } from 'react';
import css from './page.module.css';

interface PageProps {
  readonly title: string;
  /** Beside the title. */
  readonly beside?: ReactNode;
  /** What leads here, above the title. */
  readonly above?: ReactNode;
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A view: its heading, and the tab's title. */
export function Page({ title, beside, above, about, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Flows Credits`;
  }, [title]);
  return (
    <>
      <header className={css['header']}>
        <div className={css['titles']}>
          {above !== undefined && <p className={css['above']}>{above}</p>}
          <div className={css['title']}>
            <h1>{title}</h1>
            {beside}
          </div>
          {about !== undefined && <p className={css['about']}>{about}</p>}
        </div>
        {actions !== undefined && <div className={css['actions']}>{actions}</div>}
      </header>
      {children}
    </>
  );
}

import { useId, type ReactNode } from 'react';
import { classes } from './classes';
import css from './card.module.css';

interface CardProps {
  readonly title: ReactNode;
  /** One line on what it is about. */
  readonly about?: ReactNode;
  /** On the right of the title. */
  readonly actions?: ReactNode;
  readonly className?: string | undefined;
  /** Its content reaches the edges: tables. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

/** A section of a view, named by its heading. */
export function Card({ title, about, actions, className, flush, children }: CardProps) {
  const heading = useId();
  return (
    <section className={classes(css['card'], className)} aria-labelledby={heading}>
      <header className={css['header']}>
        <div className={css['titles']}>
          <h2 id={heading}>{title}</h2>
          {about !== undefined && <p className={css['about']}>{about}</p>}
        </div>
        {actions !== undefined && <div className={css['actions']}>{actions}</div>}
      </header>
      <div className={classes(css['body'], flush && css['flush'])}>{children}</div>
    </section>
  );
}

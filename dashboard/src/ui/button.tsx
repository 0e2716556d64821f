import { type ComponentProps } from 'react';
import { classes } from './classes';
import css from './button.module.css';

type Kind = 'primary' | 'plain' | 'quiet' | 'danger';

interface ButtonProps extends ComponentProps<'button'> {
  readonly kind?: Kind;
  readonly small?: boolean;
  /** It works: what it does is under way. It keeps the focus. */
  readonly busy?: boolean;
}

export function Button({ kind = 'plain', small, busy, className, onClick, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={busy === true ? true : rest['aria-disabled']}
      onClick={
        busy === true
          ? (event) => {
              event.preventDefault();
            }
          : onClick
      }
      className={classes(css['button'], css[kind], small && css['small'], busy && css['busy'], className)}
    >
      {busy === true && <span className={css['spinner']} aria-hidden="true" />}
      {children}
    </button>
  );
}

/** A link that looks like a button. */
export function buttonClass(kind: Kind = 'plain', small = false): string {
  return classes(css['button'], css[kind], small && css['small']);
}

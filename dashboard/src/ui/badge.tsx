import { type ReactNode } from 'react';
import { classes } from './classes';
import css from './badge.module.css';

export type Tone = 'neutral' | 'accent' | 'warn' | 'bad' | 'outline';

export function Badge({
  tone = 'neutral',
  title,
  children,
}: {
  tone?: Tone;
  title?: string;
  children: ReactNode;
}) {
  return (
    <span className={classes(css['badge'], css[tone])} title={title}>
      {children}
    </span>
  );
}

import { type ComponentProps, type ReactNode } from 'react';
import { classes } from './classes';
import css from './table.module.css';

/**
 * Where it is narrow a row becomes a block, and each cell says its column by `label`. A table whose parts are no table
 * boxes is no table to a screen reader: the roles say that it is one still.
 */
export function Table({
  caption,
  head,
  children,
}: {
  caption: string;
  head: ReactNode;
  children: ReactNode;
}) {
  return (
    <table className={css['table']} role="table">
      <caption className="hidden-but-read">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">{head}</tr>
      </thead>
      <tbody role="rowgroup">{children}</tbody>
    </table>
  );
}

export function Th({ numeric, ...rest }: ComponentProps<'th'> & { numeric?: boolean }) {
  return (
    <th
      role="columnheader"
      scope="col"
      {...rest}
      className={classes(css['th'], numeric && css['numeric'], rest.className)}
    />
  );
}

interface TdProps extends ComponentProps<'td'> {
  readonly label?: string | undefined;
  readonly numeric?: boolean;
  /** The cell that names the row. */
  readonly lead?: boolean;
}

export function Td({ label, numeric, lead, ...rest }: TdProps) {
  return (
    <td
      role="cell"
      {...rest}
      data-label={label}
      className={classes(css['td'], numeric && css['numeric'], lead && css['lead'], rest.className)}
    />
  );
}

export function Tr({ linked, ...rest }: ComponentProps<'tr'> & { linked?: boolean }) {
  return <tr role="row" {...rest} className={classes(css['tr'], linked && css['linked'], rest.className)} />;
}

/** A link that makes its whole row its target. */
export const rowLink = css['rowLink'];

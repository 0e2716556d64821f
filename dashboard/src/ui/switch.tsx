import { Switch as Base } from '@base-ui/react/switch';
import css from './switch.module.css';

interface SwitchProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
  readonly labelledBy: string;
  /** Says why it is disabled. */
  readonly describedBy?: string | undefined;
}

/**
 * Turned only by what it controls: it shows what is, not what was asked for. A disabled one can be reached by keyboard,
 * so that everybody hears why.
 */
export function Switch({ checked, onChange, disabled = false, labelledBy, describedBy }: SwitchProps) {
  return (
    <Base.Root
      className={css['root']}
      checked={checked}
      onCheckedChange={(next) => {
        if (!disabled) onChange(next);
      }}
      readOnly={disabled}
      aria-disabled={disabled}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
    >
      <Base.Thumb className={css['thumb']} />
    </Base.Root>
  );
}

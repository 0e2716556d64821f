import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { Segmented } from '../ui/segmented';
import { chooseTheme, chosenTheme } from './theme';

const OPTIONS = [
  { value: 'system', label: <Monitor size={15} aria-hidden="true" />, name: 'As the system' },
  { value: 'light', label: <Sun size={15} aria-hidden="true" />, name: 'Light' },
  { value: 'dark', label: <Moon size={15} aria-hidden="true" />, name: 'Dark' },
] as const;

export function ThemeSwitch() {
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <Segmented
      label="Theme"
      value={theme}
      options={OPTIONS}
      onChange={(next) => {
        chooseTheme(next);
        setTheme(next);
      }}
    />
  );
}

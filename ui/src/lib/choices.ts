/** The choices of a setting that is a number. One that was set by hand stands among them. */
import { SECOND, span } from './time';
import { formats, words } from './words';

export interface NumberChoice {
  value: number;
  label: string;
}

/** For how long, in seconds, a secret stays on the clipboard; never taken away comes last. */
export function clipboardChoices(now: number): NumberChoice[] {
  const label = (value: number) => (value === 0 ? words.settings.clipboard.never : words.settings.clipboard.after(span(value * SECOND)));
  const choices = among([10, 20, 30, 60, 120, 300, 600], now).filter((value) => value !== 0);
  return [...choices, 0].map((value) => ({ value, label: label(value) }));
}

/** For how many days activity is kept. */
export function dayChoices(now: number): NumberChoice[] {
  const label = (value: number) => (value === 0 ? words.settings.activity.none : formats().count(value, words.settings.activity.days));
  return among([0, 1, 3, 7, 14, 30], now).map((value) => ({ value, label: label(value) }));
}

function among(usual: number[], now: number): number[] {
  return [...new Set([...usual, now])].sort((a, b) => a - b);
}

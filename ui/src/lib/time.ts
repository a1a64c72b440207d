/** Instants and spans as people read them. Pure; instants are milliseconds since the epoch, spans are milliseconds. */

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

// British English writes the 24-hour clock and "27 Nov", which is what the rest of the window is written in.
const LOCALE = 'en-GB';

/** What is left until `at`: never negative, and rounded up, so that it is 0 exactly when `at` has come. */
export function remaining(at: number, now: number): number {
  return Math.max(0, Math.ceil((at - now) / SECOND) * SECOND);
}

/** A running clock: `42:10`, `5:12:04`, and from a day on `3 d 4 h`, whose seconds nobody reads. */
export function countdown(span: number): string {
  if (span >= DAY) return spans(span, [DAY, 'd'], [HOUR, 'h']);
  const seconds = Math.floor(span / SECOND);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map(twoDigits);
  const hours = Math.floor(seconds / 3600);
  if (hours > 0) return `${hours}:${parts.join(':')}`;
  return parts.join(':').replace(/^0(?=\d)/, '');
}

/** A span in a sentence: `35 s`, `42 min`, `1 h 30 min`, `3 d 4 h`. Rounded down, never to nothing. */
export function span(of: number): string {
  if (of < MINUTE) return `${Math.floor(of / SECOND)} s`;
  if (of < HOUR) return `${Math.floor(of / MINUTE)} min`;
  if (of < 2 * DAY) return spans(of, [HOUR, 'h'], [MINUTE, 'min']);
  return spans(of, [DAY, 'd'], [HOUR, 'h']);
}

/** A span where there is little room: `35 s`, `42 m`, `5 h`, `3 d`. */
export function shortSpan(of: number): string {
  if (of < MINUTE) return `${Math.floor(of / SECOND)} s`;
  if (of < HOUR) return `${Math.floor(of / MINUTE)} m`;
  if (of < 2 * DAY) return `${Math.floor(of / HOUR)} h`;
  return `${Math.floor(of / DAY)} d`;
}

/** A time of day, with the day where it is not today: `14:32`, `tomorrow 14:32`, `27 Nov, 14:32`. */
export function clock(at: number, now: number): string {
  const day = dayOf(at, now);
  if (day === 'today') return timeOfDay(at);
  return named(day) ? `${day} ${timeOfDay(at)}` : `${day}, ${timeOfDay(at)}`;
}

/** An instant that stands alone: `Today 14:44`, `27 Nov, 14:44`. */
export function instant(at: number, now: number): string {
  const day = dayOf(at, now);
  return named(day) ? `${day.charAt(0).toUpperCase()}${day.slice(1)} ${timeOfDay(at)}` : `${day}, ${timeOfDay(at)}`;
}

function spans(of: number, [big, bigUnit]: [number, string], [small, smallUnit]: [number, string]): string {
  const rest = Math.floor((of % big) / small);
  const whole = `${Math.floor(of / big)} ${bigUnit}`;
  return rest > 0 ? `${whole} ${rest} ${smallUnit}` : whole;
}

function named(day: string): boolean {
  return day === 'today' || day === 'tomorrow' || day === 'yesterday';
}

function dayOf(at: number, now: number): string {
  const date = new Date(at);
  // A claim may hold any number; a date out of range would throw when it is formatted.
  if (Number.isNaN(date.getTime())) return String(at);
  const today = new Date(now);
  for (const [name, offset] of [
    ['today', 0],
    ['tomorrow', 1],
    ['yesterday', -1],
  ] as const) {
    const day = new Date(today.getFullYear(), today.getMonth(), today.getDate() + offset);
    if (day.toDateString() === date.toDateString()) return name;
  }
  const sameYear = date.getFullYear() === today.getFullYear();
  return new Intl.DateTimeFormat(LOCALE, {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(date);
}

function timeOfDay(at: number): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '';
  return new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit' }).format(date);
}

function twoDigits(n: number): string {
  return String(n).padStart(2, '0');
}

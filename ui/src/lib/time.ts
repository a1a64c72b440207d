/**
 * Instants and spans as people read them, in the language of the window. Instants are milliseconds since the epoch, spans
 * are milliseconds.
 */
import { formats, words } from './words';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** What is left until `at`: never negative, and rounded up, so that it is 0 exactly when `at` has come. */
export function remaining(at: number, now: number): number {
  return Math.max(0, Math.ceil((at - now) / SECOND) * SECOND);
}

/** A running clock: `42:10`, `5:12:04`, and from a day on `3 d 4 h`, whose seconds nobody reads. */
export function countdown(span: number): string {
  if (span >= DAY) return spans(span, [DAY, words.time.day], [HOUR, words.time.hour]);
  const seconds = Math.floor(span / SECOND);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map(twoDigits);
  const hours = Math.floor(seconds / 3600);
  if (hours > 0) return `${hours}:${parts.join(':')}`;
  return parts.join(':').replace(/^0(?=\d)/, '');
}

/** A span in a sentence: `35 s`, `42 min`, `1 h 30 min`, `3 d 4 h`. Rounded down, never to nothing. */
export function span(of: number): string {
  const { second, minute, hour, day } = words.time;
  if (of < MINUTE) return `${Math.floor(of / SECOND)} ${second}`;
  if (of < HOUR) return `${Math.floor(of / MINUTE)} ${minute}`;
  if (of < 2 * DAY) return spans(of, [HOUR, hour], [MINUTE, minute]);
  return spans(of, [DAY, day], [HOUR, hour]);
}

/** A span where there is little room: `35 s`, `42 m`, `5 h`, `3 d`. */
export function shortSpan(of: number): string {
  const { second, shortMinute, hour, day } = words.time;
  if (of < MINUTE) return `${Math.floor(of / SECOND)} ${second}`;
  if (of < HOUR) return `${Math.floor(of / MINUTE)} ${shortMinute}`;
  if (of < 2 * DAY) return `${Math.floor(of / HOUR)} ${hour}`;
  return `${Math.floor(of / DAY)} ${day}`;
}

/** A time of day, with the day where it is not today: `14:32`, `tomorrow 14:32`, `27 Nov, 14:32`. */
export function clock(at: number, now: number): string {
  if (!isOnCalendar(at)) return String(at);
  return named(at, now) === 'today' ? formats().timeOfDay(new Date(at)) : dayAndTime(at, now, formats().timeOfDay);
}

/** A time of day to the second, with the day where it is not today: `14:32:05`, `yesterday 14:32:05`. */
export function exactClock(at: number, now: number): string {
  if (!isOnCalendar(at)) return String(at);
  const { timeToTheSecond } = formats();
  return named(at, now) === 'today' ? timeToTheSecond(new Date(at)) : dayAndTime(at, now, timeToTheSecond);
}

/** An instant that stands alone: `Today 14:44`, `27 Nov, 14:44`. */
export function instant(at: number, now: number): string {
  return isOnCalendar(at) ? capital(dayAndTime(at, now, formats().timeOfDay)) : String(at);
}

/** An instant to the second: `Today 14:44:00`. */
export function exactInstant(at: number, now: number): string {
  return isOnCalendar(at) ? capital(dayAndTime(at, now, formats().timeToTheSecond)) : String(at);
}

/** A day within a sentence: `today`, `yesterday`, `Tuesday` within a week, else `13 Nov`. */
export function day(at: number, now: number): string {
  if (!isOnCalendar(at)) return String(at);
  const name = named(at, now);
  if (name) return words.time[name];
  const isWithinWeek = at < now && now - at < 6 * DAY;
  return isWithinWeek ? formats().weekday(new Date(at)) : calendarDay(at, now);
}

function dayAndTime(at: number, now: number, timeOf: (date: Date) => string): string {
  const time = timeOf(new Date(at));
  const name = named(at, now);
  return name ? words.time.namedDayAndTime(words.time[name], time) : words.time.dayAndTime(calendarDay(at, now), time);
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase(formats().locale) + text.slice(1);
}

function spans(of: number, [big, bigUnit]: [number, string], [small, smallUnit]: [number, string]): string {
  const rest = Math.floor((of % big) / small);
  const whole = `${Math.floor(of / big)} ${bigUnit}`;
  return rest > 0 ? `${whole} ${rest} ${smallUnit}` : whole;
}

type Named = 'today' | 'tomorrow' | 'yesterday';

/** Which of the days with a name it is on, if any. */
function named(at: number, now: number): Named | undefined {
  const today = new Date(now);
  const date = new Date(at).toDateString();
  const on = (offset: number) => new Date(today.getFullYear(), today.getMonth(), today.getDate() + offset).toDateString();
  if (date === on(0)) return 'today';
  if (date === on(1)) return 'tomorrow';
  return date === on(-1) ? 'yesterday' : undefined;
}

function calendarDay(at: number, now: number): string {
  const date = new Date(at);
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  return isThisYear ? formats().day(date) : formats().dayOfYear(date);
}

/** Whether a calendar has it: a claim may hold any number, and formatting one out of range throws. */
function isOnCalendar(at: number): boolean {
  return !Number.isNaN(new Date(at).getTime());
}

function twoDigits(n: number): string {
  return String(n).padStart(2, '0');
}

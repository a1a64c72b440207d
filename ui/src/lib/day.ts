/** What happened, in words for a table and in places for a picture of the last day. Pure; instants are in milliseconds. */
import { DAY, HOUR, clock, exactClock, span } from './time';
import type { ActivityEntry } from './wire/ActivityEntry';
import { words } from './words';

/** A line of the table. */
export interface ActivityRow {
  glyph: '✓' | '▲' | '◆' | '○';
  tone: 'good' | 'warning' | 'bad' | 'plain';
  what: string;
  when: string;
  /** For machines: the instant as ISO 8601 writes it. */
  iso: string;
  more: string;
  /** The code of a problem, where there is one. */
  code: string;
}

const GLYPHS = { good: '✓', warning: '▲', bad: '◆', plain: '○' } as const;

const TONES: Record<ActivityEntry['what'], ActivityRow['tone']> = {
  started: 'plain',
  quit: 'plain',
  restored: 'good',
  unread: 'warning',
  'signed-in': 'good',
  'sign-in-failed': 'warning',
  'other-person': 'warning',
  renewed: 'good',
  setback: 'warning',
  blocked: 'warning',
  ended: 'bad',
  'signed-out': 'plain',
  'memory-only': 'warning',
  stored: 'good',
  profiles: 'plain',
  copied: 'good',
  noticed: 'plain',
  'fell-asleep': 'plain',
  woke: 'plain',
  'network-changed': 'plain',
  'clock-set': 'plain',
};

/** `entries` are newest first, as the rows are. What a newer resident may tell and this window has no words for is left out. */
export function activityRows(entries: ActivityEntry[], now: number): ActivityRow[] {
  return entries
    .map((entry, i) => ({ entry, older: entries.slice(i + 1) }))
    .filter(({ entry }) => Object.hasOwn(TONES, entry.what))
    .map(({ entry, older }) => {
      const tone = TONES[entry.what];
      return {
        glyph: GLYPHS[tone],
        tone,
        what: words.activity.what[entry.what],
        when: exactClock(entry.at, now),
        iso: new Date(entry.at).toISOString(),
        more: more(entry, older, now),
        code: 'code' in entry ? entry.code : '',
      };
    });
}

function more(entry: ActivityEntry, older: ActivityEntry[], now: number): string {
  switch (entry.what) {
    case 'renewed':
      return entry.expires_at === undefined ? '' : words.activity.validUntil(clock(entry.expires_at, now));
    case 'setback':
    case 'blocked':
      return words.activity.triedAgainAt(clock(entry.retry_at, now));
    case 'copied':
      return words.activity.things[entry.thing] ?? '';
    case 'noticed':
      return words.activity.about.get(entry.about) ?? '';
    case 'woke': {
      const before = older.find(({ what }) => what === 'fell-asleep' || what === 'woke');
      return before?.what === 'fell-asleep' ? words.activity.asleepFor(span(entry.at - before.at)) : '';
    }
    default:
      return '';
  }
}

export interface Interval {
  from: number;
  to: number;
}

export interface Mark {
  at: number;
  kind: 'setback' | 'ended' | 'copied';
}

/** The last day, as it is drawn. */
export interface Picture extends Interval {
  /** In which an access token was valid: one for each token. */
  lives: Interval[];
  sleeps: Interval[];
  marks: Mark[];
  /** All that the picture shows, as a sentence. */
  summary: string;
}

/** How far the picture looks ahead, to show the life that is left. */
const AHEAD = HOUR;

export function picture(entries: ActivityEntry[], now: number): Picture {
  const from = now - DAY;
  const to = now + AHEAD;
  const oldestFirst = [...entries].reverse();
  const within = ({ at }: { at: number }) => at >= from && at <= now;
  const lives = clipped(livesOf(oldestFirst, now), from, to);
  const sleeps = clipped(sleepsOf(oldestFirst, now), from, now);
  const marks = oldestFirst.filter(within).flatMap(markOf);
  const nRenewed = entries.filter((entry) => entry.what === 'renewed' && within(entry)).length;
  return { from, to, lives, sleeps, marks, summary: summary(clipped(lives, from, now), sleeps, marks, nRenewed) };
}

/** A token lives until it ends, until the next one takes its place, or until nobody is signed in. */
function livesOf(oldestFirst: ActivityEntry[], now: number): Interval[] {
  const lives: Interval[] = [];
  let open: { from: number; until: number | undefined } | undefined;
  const close = (at: number) => {
    if (open) lives.push({ from: open.from, to: Math.min(at, open.until ?? at) });
    open = undefined;
  };
  for (const entry of oldestFirst) {
    switch (entry.what) {
      case 'signed-in':
        close(entry.at);
        // The log does not tell how long this one lives; the next entry does.
        open = { from: entry.at, until: undefined };
        break;
      case 'renewed':
        close(entry.at);
        open = { from: entry.at, until: entry.expires_at };
        break;
      case 'ended':
      case 'signed-out':
      case 'started':
      case 'quit':
        close(entry.at);
        break;
    }
  }
  close(open?.until ?? now);
  return lives;
}

function sleepsOf(oldestFirst: ActivityEntry[], now: number): Interval[] {
  const sleeps: Interval[] = [];
  let since: number | undefined;
  for (const { at, what } of oldestFirst) {
    if (what === 'fell-asleep') since ??= at;
    if ((what === 'woke' || what === 'started') && since !== undefined) {
      sleeps.push({ from: since, to: at });
      since = undefined;
    }
  }
  return since === undefined ? sleeps : [...sleeps, { from: since, to: now }];
}

function markOf({ at, what }: ActivityEntry): Mark[] {
  if (what === 'setback' || what === 'blocked') return [{ at, kind: 'setback' }];
  if (what === 'ended') return [{ at, kind: 'ended' }];
  return what === 'copied' ? [{ at, kind: 'copied' }] : [];
}

function clipped(intervals: Interval[], from: number, to: number): Interval[] {
  return intervals
    .map((one) => ({ from: Math.max(one.from, from), to: Math.min(one.to, to) }))
    .filter((one) => one.from < one.to);
}

function summary(lives: Interval[], sleeps: Interval[], marks: Mark[], nRenewed: number): string {
  const its = words.activity.picture;
  const total = (all: Interval[]) => all.reduce((sum, { from, to }) => sum + to - from, 0);
  const n = (kind: Mark['kind']) => marks.filter((mark) => mark.kind === kind).length;
  const parts = [lives.length > 0 ? its.validFor(span(total(lives))) : its.neverValid, its.renewals(nRenewed)];
  if (n('setback') > 0) parts.push(its.setbacks(n('setback')));
  if (n('ended') > 0) parts.push(its.ends(n('ended')));
  if (n('copied') > 0) parts.push(its.copies(n('copied')));
  if (sleeps.length > 0) parts.push(its.asleepFor(span(total(sleeps))));
  return its.summary(parts);
}

/** Full hours of the local clock to write beneath the picture, at most `most` of them and none cut off at an edge. */
export function hours({ from, to }: Interval, most: number): number[] {
  const step = [1, 2, 3, 4, 6, 8, 12].find((step) => (to - from) / (step * HOUR) <= Math.max(1, most)) ?? 24;
  const edge = (to - from) * 0.03;
  const first = new Date(from);
  first.setHours(0, 0, 0, 0);
  const hours: number[] = [];
  // By the calendar: a day on which the clocks change has hours of its own.
  for (let hour = 0; ; hour += step) {
    const at = new Date(first.getFullYear(), first.getMonth(), first.getDate(), hour).getTime();
    if (at > to - edge) return hours;
    if (at >= from + edge) hours.push(at);
  }
}

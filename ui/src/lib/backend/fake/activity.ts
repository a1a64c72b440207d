/** A day of a profile, as the resident would tell it: renewals, a night asleep, a server that was busy, copies. */
import type { ActivityEntry } from '../../wire/ActivityEntry';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** How often an access token of an hour is renewed. */
const BETWEEN = 48 * MINUTE;

type What = ActivityEntry extends infer E ? (E extends ActivityEntry ? Omit<E, 'at' | 'profile'> : never) : never;

export function activity(profile: string, now: number): ActivityEntry[] {
  const entries: ActivityEntry[] = [];
  const tell = (at: number, what: What, isAboutProfile = true) =>
    entries.push({ at, ...(isAboutProfile ? { profile } : {}), ...what } as ActivityEntry);
  const renewed = (at: number) => tell(at, { what: 'renewed', expires_at: at + HOUR });

  // As one that was signed in before there was a log.
  if (profile === 'mongodb') return [];

  // Yesterday's afternoon, then the lid is closed for the night.
  const lastNight = now - 18.5 * HOUR;
  const thisMorning = now - 6.2 * HOUR;
  tell(now - 27 * HOUR, { what: 'started' }, false);
  tell(now - 26.9 * HOUR, { what: 'signed-in' });
  for (let at = now - 26.9 * HOUR + BETWEEN; at < lastNight; at += BETWEEN) renewed(at);
  tell(now - 20 * HOUR, { what: 'copied', thing: 'access-token' });
  tell(lastNight, { what: 'fell-asleep' }, false);

  tell(thisMorning, { what: 'woke' }, false);
  tell(thisMorning + 3 * SECOND, { what: 'network-changed' }, false);
  for (let at = thisMorning + 5 * SECOND; at < now - 2 * HOUR; at += BETWEEN) renewed(at);
  tell(now - 3.4 * HOUR, { what: 'copied', thing: 'curl' });

  // Lunch, with the lid closed again.
  tell(now - 2 * HOUR, { what: 'fell-asleep' }, false);
  tell(now - 80 * MINUTE, { what: 'woke' }, false);
  renewed(now - 80 * MINUTE + 2 * SECOND);
  tell(now - 41 * MINUTE, { what: 'copied', thing: 'access-token' });
  tell(now - 18 * MINUTE - 21 * SECOND, {
    what: 'setback',
    code: 'rate-limited',
    retry_at: now - 17 * MINUTE - 50 * SECOND,
  });
  renewed(now - 17 * MINUTE - 50 * SECOND);
  return entries.sort((a, b) => b.at - a.at);
}

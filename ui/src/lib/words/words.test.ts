/** The languages: which one is spoken, and that it is spoken throughout. */
import { afterEach, describe, expect, test } from 'vitest';
import { clock, day, span } from '../time';
import { type Words, formats, language, speak, words } from '.';
import { de } from './de';
import { en } from './en';
import { formats as formatsOf } from './formats';

const FRIDAY = new Date(2026, 10, 20, 14, 1, 50).getTime();
const DAY = 24 * 60 * 60 * 1000;

afterEach(() => speak('system', ['en-GB']));

describe('the language', () => {
  test.each([
    ['system', ['de-AT', 'en-US'], 'de', 'de-AT'],
    ['system', ['fr-FR', 'de', 'en'], 'de', 'de-DE'],
    ['system', ['en-US', 'de-DE'], 'en', 'en-US'],
    ['system', ['fr', 'ja-JP'], 'en', 'en-GB'],
    ['system', [], 'en', 'en-GB'],
    ['de', ['en-US', 'de-CH'], 'de', 'de-CH'],
    ['en', ['de-DE'], 'en', 'en-GB'],
  ] as const)('for %s of %j is %s, by the locale %s', (setting, preferred, expected, locale) => {
    speak(setting, preferred);
    expect([language(), formats().locale, document.documentElement.lang]).toEqual([expected, locale, expected]);
  });
});

describe('German', () => {
  test('says dates, numbers and plurals as German does', () => {
    speak('de', ['de-DE']);
    expect(words.status['signed-in']).toBe('Angemeldet');
    expect(words.groups.filter(1)).toBe('1 Gruppe filtern');
    expect(words.groups.filter(5000)).toBe('5.000 Gruppen filtern');
    expect(clock(FRIDAY + DAY, FRIDAY)).toBe('morgen 14:01');
    expect(clock(FRIDAY + 7 * DAY, FRIDAY)).toBe('27. Nov., 14:01');
    expect(words.groups.newSince(day(FRIDAY - 3 * DAY, FRIDAY))).toBe('neu seit Dienstag');
    expect(words.tokens.tooLong(['A', 'B'])).toContain('A und B');
    expect(span(90 * 60_000)).toBe('1 h 30 min');
  });

  test('has every word, or is not compiled', () => {
    const { app: _, ...rest } = de(formatsOf('de-DE'));
    // @ts-expect-error a language that lacks a word
    const lacking: Words = rest;
    expect(lacking).not.toHaveProperty('app');
  });

  test('leaves nothing in English that is a sentence, but for what is pasted as it stands', () => {
    const german = new Map(sentences(de(formatsOf('de-DE'))));
    const same = sentences(en(formatsOf('en-GB'))).filter(([at, text]) => german.get(at) === text);
    const several = same.map(([, text]) => text).filter((text) => text.split(' ').length > 2);
    expect(several).toEqual(['Authorization: Bearer …']);
  });
});

/** Every text of a table that is not made of something, with the way to it. */
function sentences(table: object, at = ''): [string, string][] {
  return Object.entries(table).flatMap(([key, value]): [string, string][] => {
    const here = `${at}.${key}`;
    if (typeof value === 'string') return [[here, value]];
    if (value instanceof Map) return sentences(Object.fromEntries(value), here);
    return typeof value === 'object' && value !== null ? sentences(value, here) : [];
  });
}

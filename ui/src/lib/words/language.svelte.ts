/** Which language this side speaks, and its words. The words of problems come finished from the resident, in its own. */
import { de } from './de';
import { type Words, en } from './en';
import { type Formats, formats as formatsOf } from './formats';

/** Each with the locale to write dates and numbers by where the system names no region. */
const LANGUAGES = {
  en: { make: en, locale: 'en-GB' },
  de: { make: de, locale: 'de-DE' },
};

export type Language = keyof typeof LANGUAGES;
export type LanguageSetting = 'system' | Language;

/** All that speaking a language takes. */
interface Spoken {
  language: Language;
  formats: Formats;
  words: Words;
}

let setting: LanguageSetting = 'system';
let spoken = $state.raw(spokenBy('system', typeof navigator === 'undefined' ? [] : navigator.languages));

/**
 * Speaks the language of the setting; `system` is the first of the system's languages that there are words for, else
 * English. `preferred` are the system's, best first, as BCP 47 tags.
 */
export function speak(to: LanguageSetting, preferred: readonly string[] = navigator.languages): void {
  setting = to;
  spoken = spokenBy(setting, preferred);
  document.documentElement.lang = spoken.language;
}

/** Speaks the language of the setting, if that is not so already. */
export function speakAsSet(to: LanguageSetting): void {
  if (to !== setting) speak(to);
}

/** The system's languages are others now. */
export function speakAnew(): void {
  speak(setting);
}

function spokenBy(setting: LanguageSetting, preferred: readonly string[]): Spoken {
  const language = setting === 'system' ? (preferred.map(languageOf).find(isSpoken) ?? 'en') : setting;
  const { make, locale } = LANGUAGES[language];
  // Somebody in Vienna or Boston writes dates as it is done there.
  const regional = preferred.find((tag) => languageOf(tag) === language && tag !== language);
  const formats = formatsOf(regional ?? locale);
  return { language, formats, words: make(formats) };
}

function languageOf(tag: string): string {
  return tag.toLowerCase().split('-')[0] ?? '';
}

function isSpoken(language: string): language is Language {
  return Object.hasOwn(LANGUAGES, language);
}

/** All words of this side. What reads them while it is drawn is drawn anew when the language changes. */
export const words: Words = new Proxy({} as Words, { get: (_, part) => spoken.words[part as keyof Words] });

export function formats(): Formats {
  return spoken.formats;
}

export function language(): Language {
  return spoken.language;
}

let ofResident = $state.raw<Language | null>(null);

/** Notes which language the resident speaks. */
export function residentSpeaks(language: Language): void {
  ofResident = language;
}

/** The language of what the resident says. Until it has said which, that of the system, which is the window's too. */
export function residentLanguage(): Language {
  return ofResident ?? spoken.language;
}

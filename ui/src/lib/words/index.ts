/** All words for people that this side says by itself; nothing in them decides anything. English is in `en.ts`. */
export type { Words } from './en';
export { type Language, type LanguageSetting, formats, language, residentLanguage, residentSpeaks, speak, speakAnew, speakAsSet, words } from './language.svelte';

/** What a person reads of a problem, and takes to their admin. */
import { expect, test } from 'vitest';
import { backend, button, click, named, show, text } from './app-driver';

const banner = () => document.querySelector('section.banner');
const fact = (name: string) => {
  const terms = [...document.querySelectorAll('.banner dt')];
  return text(terms.find((term) => text(term) === name)?.nextElementSibling ?? null);
};

test('details show the server’s words and the code', async () => {
  await show('sign-in-failed');
  expect(text()).not.toContain('okta.redirect-uri-unknown');
  await click('Details');
  expect(text()).toContain('okta.redirect-uri-unknown');
  expect(text()).toContain('must be a Login redirect URI');
});

test('details say whose job it is, and where in Okta’s console by both its names', async () => {
  await show('no-matching-policy');
  await click('Details');
  expect(fact('Whose job')).toBe('your Okta admin’s');
  expect(fact('In Okta’s console')).toMatch(/^Security → API → Authorization Servers → .* → Access Policies$/);
  expect(fact('In the older one')).toMatch(/^API → Authorization Servers → .* → Access Policies$/);
});

test('a place that was always called so is said once, and none where it is not Okta’s', async () => {
  await show('no-matching-policy', (backend) => {
    const [first] = backend.snapshot.profiles;
    if (!first?.problem?.console) throw new Error('it has a place');
    const path = { now: 'Security → Networks', before: 'Security → Networks' };
    backend.update('p1', { problem: { ...first.problem, console: path } });
  });
  await click('Details');
  expect(fact('In Okta’s console')).toBe('Security → Networks');
  expect(fact('In the older one')).toBe('');
  backend.update('p1', { problem: { ...backend.snapshot.profiles[0]!.problem!, console: null, whose: 'gatepass' } });
  await click('Details');
  await click('Details');
  expect(fact('In Okta’s console')).toBe('');
  expect(fact('Whose job')).toBe('Gatepass’s: report it');
});

test('the note for an admin is copied, and that is said where it was asked for', async () => {
  await show('no-matching-policy');
  expect(text(banner())).not.toContain('Note copied');
  await click('Copy a note for your admin');
  expect(backend.sent).toEqual([['copyNoteForAdmin', 'p1']]);
  expect(text(banner())).toContain('✓ Note copied. Read it before you send it');
});

test('where an admin can do nothing, there is no button for a note', async () => {
  await show('redirect-uris-taken');
  expect(button('Details')).toBeTruthy();
  expect(named('main button', 'Copy a note')).toBeUndefined();
});

test('where nobody can know, what is likely is listed', async () => {
  await show('sign-in-timed-out');
  const list = document.querySelector('.banner ul');
  expect(text(document.getElementById(list?.getAttribute('aria-labelledby') ?? ''))).toBe('It may also be:');
  expect(list?.querySelectorAll('li')).toHaveLength(4);
});

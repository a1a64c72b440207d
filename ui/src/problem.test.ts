/** What a person reads of a problem, and takes to their admin. */
import { describe, expect, test } from 'vitest';
import { backend, button, click, named, settle, show, text } from './app-driver';
import { problem } from './lib/backend/fake/parts';
import { type StateName, redirectRefused } from './lib/backend/fake/states';

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

describe('Okta can be asked what is wrong', () => {
  const ask = () => named('main button', 'Ask Okta what is wrong');
  const said = (of: HTMLElement | undefined) => text(document.getElementById(of?.getAttribute('aria-describedby') ?? ''));

  test('where the problem says so, and what that leaves behind is said beside the button', async () => {
    await show('okta-to-be-asked');
    expect(said(ask())).toContain('It may leave an entry in your admin’s System Log.');
    expect(backend.sent).toEqual([]);
  });

  test.each<StateName>(['sign-in-timed-out', 'sign-in-failed', 'request-accepted'])('not of %s', async (state) => {
    await show(state);
    expect(ask()).toBeUndefined();
    expect(document.querySelector('.banner button[aria-describedby]')).toBeNull();
    expect(text()).not.toContain('System Log');
  });

  test('once: the button waits where it is until Okta has answered, and the answer takes the problem’s place', async () => {
    await show('okta-to-be-asked');
    const button = ask();
    button?.focus();
    backend.update('p1', { problem: { ...backend.snapshot.profiles[0]!.problem!, inquiry: 'under-way' } });
    await settle();
    expect(text(button ?? null)).toBe('Okta is being asked…');
    expect(button?.getAttribute('aria-disabled')).toBe('true');
    expect(document.activeElement).toBe(button);
    button?.click();
    await settle();
    expect(backend.sent).toEqual([]);
    backend.update('p1', { problem: redirectRefused });
    await settle();
    expect(text(banner())).toContain('Okta does not know this redirect address');
    expect(text(document.querySelector('[role=status].visually-hidden'))).toContain('Okta does not know this redirect address');
    expect(document.activeElement?.tagName).toBe('H1');
  });

  test('that it did not answer is told, and the problem stays', async () => {
    await show('okta-to-be-asked', (backend) => {
      backend.answers.findOut = { answer: 'refused', ...problem({ code: 'unreachable', title: 'Okta cannot be reached' }) };
    });
    await click('Ask Okta what is wrong');
    backend.update('p1', { problem: { ...backend.snapshot.profiles[0]!.problem!, inquiry: 'possible' } });
    await settle();
    expect(text()).toContain('Okta cannot be reached');
    expect(text()).toContain('The sign-in was not finished');
    expect(ask()?.getAttribute('aria-disabled')).toBeNull();
  });
});

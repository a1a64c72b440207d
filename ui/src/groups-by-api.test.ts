/** Groups that Okta's API tells, with their IDs, in the whole window over the fake backend. */
import { describe, expect, test } from 'vitest';
import { problem } from './lib/backend/fake/parts';
import { backend, click, named, settle, show, text } from './app-driver';

const rows = () => [...document.querySelectorAll('[role=row]')].map((row) => text(row));

describe('groups with IDs', () => {
  test('show both, and either is copied', async () => {
    await show('groups-of-api');
    expect(rows()[0]).toContain('platform-engineers');
    expect(rows()[0]).toContain('00g1a2b3c4D5e6F7g000');
    expect(text()).toContain('some policies go by the IDs');
    await click('Copy the ID of platform-engineers');
    expect(backend.sent).toEqual([['copyGroup', 'p1', '00g1a2b3c4D5e6F7g000']]);
    expect(text(named('button', 'Copy the ID of platform-engineers') ?? null)).toContain('✓');
    expect(text(named('button', 'Copy platform-engineers') ?? null)).not.toContain('✓');
  });

  test('are found by either', async () => {
    await show('groups-of-api');
    for (const typed of ['platform-engineers', 'F7G000']) {
      const filter = document.querySelector<HTMLInputElement>('[type=search]');
      if (!filter) throw new Error('no filter');
      filter.value = typed;
      filter.dispatchEvent(new Event('input', { bubbles: true }));
      await settle();
      expect(rows()).toHaveLength(1);
      expect(rows()[0]).toContain('platform-engineers');
    }
  });

  test.each([
    ['groups-asked-for', 'Asking Okta for your groups'],
    ['api-token-refused', 'Okta does not take the API token'],
  ] as const)('%s: it is said how that stands', async (state, title) => {
    await show(state);
    expect(text()).toContain(title);
    expect(text(named('[role=tab]', 'Groups') ?? null)).toBe('Groups');
  });

  test('where they are not told, it is said why and what helps', async () => {
    await show('groups-refused-by-api');
    expect(text()).toContain('Okta does not tell your groups');
    expect(text()).toContain('Ask your admin for a groups claim instead.');
    // Of groups that are not known there is no number.
    expect(text(named('[role=tab]', 'Groups') ?? null)).toBe('Groups');
  });
});

describe('an API token', () => {
  test('can be forgotten by whoever is signed out, also while it is not known whether there is one', async () => {
    await show('signed-out-with-api-token', (backend) => {
      backend.answers.clientKeys = { answer: 'refused', ...problem({ code: 'keyring-locked', title: 'The keyring is locked' }) };
    });
    await settle(10);
    expect(text()).toContain('API token of an Okta admin');
    expect(text()).not.toContain('None is kept.');
    await click('Forget it');
    await settle(10);
    expect(backend.sent.at(-1)).toEqual(['forgetApiToken', 'p1']);
    expect(text()).toContain('None is kept.');
  });

  test('is taken only from an admin who insists, and can be forgotten', async () => {
    await show('no-api-token');
    expect(text()).toContain('There is no API token');
    await click('Client');
    await settle(10);
    expect(text()).toContain('None is kept.');
    expect(text()).toContain('can do at Okta all that the admin can who made it');
    expect(document.querySelectorAll('.panel input')).toHaveLength(0);
    await click('Take an API token from the clipboard');
    expect(backend.sent.some(([name]) => name === 'takeApiToken')).toBe(false);
    await click('Cancel');
    await click('Take an API token from the clipboard');
    await click('I am that admin: take it');
    await settle(10);
    expect(backend.sent.at(-1)).toEqual(['takeApiToken', 'p1']);
    expect(text()).toContain('One is kept.');
    await click('Forget it');
    await settle(10);
    expect(backend.sent.at(-1)).toEqual(['forgetApiToken', 'p1']);
    expect(text()).toContain('None is kept.');
  });

  test.each(['signed-in', 'groups-of-api', 'by-secret'] as const)('is asked of nobody else: %s', async (state) => {
    await show(state);
    await settle(10);
    named('[role=tab]', 'Client')?.click();
    await settle(10);
    expect(text()).not.toContain('API token');
  });
});

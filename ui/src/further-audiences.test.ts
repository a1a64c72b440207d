/** Tokens for further audiences, in the whole window over the fake backend. */
import { describe, expect, test } from 'vitest';
import { backend, click, named, settle, show, text, type } from './app-driver';
import type { ProfileDraft } from './lib/wire/ProfileDraft';

describe('further audiences', () => {
  test('are in the copy menu, each with its name', async () => {
    await show('further-audiences');
    await click('Other ways to copy');
    const items = [...document.querySelectorAll('[role=menuitem]')].map((item) => text(item));
    expect(items.slice(-2)).toEqual(['Access token for https://billing.acme.com', 'Access token for api://reporting']);
    named('[role=menuitem]', 'api://reporting')?.click();
    await settle();
    expect(backend.sent).toEqual([['copyTokenFor', 'p1', 'api://reporting']]);
    expect(text(document.body)).toContain('Token for the other audience copied');
    expect(document.querySelector('[role=menu]')).toBeNull();
  });

  test('are written one a line', async () => {
    await show('further-audiences');
    await click('More for this profile');
    named('[role=menuitem]', 'Edit…')?.click();
    await settle(200);
    const field = document.querySelector<HTMLTextAreaElement>('#further_audiences');
    expect(field?.value.split('\n')).toHaveLength(2);
    await type('further_audiences', 'https://acme.okta.com/oauth2/aus7billing api://b b.read');
    await click('Save');
    const sent = backend.sent.find(([name]) => name === 'editProfile');
    const { options } = sent?.[2] as ProfileDraft;
    expect(options.further_audiences).toBe('https://acme.okta.com/oauth2/aus7billing api://b b.read');
  });
});

import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import type { Backend } from './lib/backend/backend';
import { tauriBackend } from './lib/backend/tauri';
import { speak, speakAnew } from './lib/words';

async function backend(): Promise<Backend> {
  // Vite puts the mode in at build time, and so the fake is not in the shipped bundle.
  if (import.meta.env.MODE === 'fake') {
    const { fakeBackend } = await import('./lib/backend/fake');
    return fakeBackend(new URL(location.href));
  }
  return tauriBackend();
}

speak('system');
addEventListener('languagechange', speakAnew);

/**
 * Lets the first frame be painted, which is in the page already: the rest would be a part of it and hold it up. A window
 * that nobody sees paints none.
 */
const firstFrame = new Promise<void>((painted) => {
  requestAnimationFrame(() => setTimeout(painted));
  setTimeout(painted, 100);
});

const target = document.getElementById('app');
if (target) void Promise.all([backend(), firstFrame]).then(([backend]) => mount(App, { target, props: { backend } }));

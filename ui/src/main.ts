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

const target = document.getElementById('app');
if (target) void backend().then((backend) => mount(App, { target, props: { backend } }));

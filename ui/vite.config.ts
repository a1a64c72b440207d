import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  base: './',
  build: {
    target: ['safari16', 'chrome111'],
    // A preload is fetched under `default-src`, which the page's policy sets to 'none'.
    modulePreload: false,
    // Nothing becomes a `data:` URL: the policy allows scripts and styles from our own origin alone.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  // Without this, Vitest resolves Svelte's build for servers, which cannot mount.
  resolve: mode === 'test' ? { conditions: ['browser'] } : {},
  server: { port: 1420, strictPort: true },
  test: { environment: 'happy-dom', setupFiles: ['src/test-setup.ts'], include: ['src/**/*.test.{ts,js}'] },
}));

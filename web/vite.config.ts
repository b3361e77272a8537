import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { guides } from './scripts/guides.ts';

/** Where `npm run dev` finds the server; `ALLIN_API` points it elsewhere. */
const api = process.env.ALLIN_API ?? 'http://127.0.0.1:8080';
const proxy = Object.fromEntries(
  ['/api', '/health', '/oauth', '^/media/.+'].map((path) => [
    path,
    { target: api, changeOrigin: false },
  ]),
);

/** Puts RapiDoc where the server's page /api/docs looks for it. It is no part of the app. */
function apiReference(): Plugin {
  return {
    name: 'api-reference',
    apply: 'build',
    generateBundle() {
      const file = createRequire(import.meta.url).resolve('rapidoc/dist/rapidoc-min.js');
      this.emitFile({
        type: 'asset',
        fileName: 'docs/rapidoc-min.js',
        // Without the comment that points at a source map we do not serve.
        source: readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=.*$/m, ''),
      });
    },
  };
}

export default defineConfig({
  plugins: [react(), apiReference(), guides()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { host: '127.0.0.1', port: 5173, proxy },
  preview: { host: '127.0.0.1', proxy },
  build: {
    target: 'es2022',
    // The manifest is what `npm run size` reads.
    manifest: true,
    // The content security policy allows no data: addresses for scripts, styles and fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // Left alone, everything that two pages share becomes a file of its own: dozens of requests, and 6 kB more for the
        // composer, since tiny files compress badly.
        codeSplitting: {
          // Files that import each other in a circle would run before what they need is there.
          includeDependenciesRecursively: true,
          groups: [
            {
              name: 'core',
              test: /node_modules\/(react|react-dom|scheduler|@tanstack|openapi-fetch|use-sync-external-store)\//,
              priority: 2,
            },
            {
              name: 'kit',
              test: /src\/(ui|lib|api|session|live|app|router)\/|lucide-react/,
              minShareCount: 2,
              priority: 1,
            },
          ],
        },
      },
    },
  },
  test: { include: ['{src,scripts}/**/*.test.ts'], environment: 'node' },
});

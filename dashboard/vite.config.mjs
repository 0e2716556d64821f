import { defineConfig } from 'vite';

// `npm run dashboard`: the page from its sources, reloaded as they change, with the data of a real API.
const proxy = { '/v1': process.env['FLOW_CREDITS_API'] ?? 'http://127.0.0.1:8080' };

/** `npm run build` puts the page into dist/dashboard; the API serves it from there. */
export default defineConfig({
  root: import.meta.dirname,
  // Found from wherever the page is served: behind a proxy it may have a path of its own.
  base: './',
  build: {
    outDir: '../dist/dashboard',
    emptyOutDir: true,
    target: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // Nothing goes into data: addresses, which a strict content security policy forbids.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // One style sheet: a part of the page that did not come at first would be loaded again without its own.
    cssCodeSplit: false,
    manifest: true,
    // What is bundled is others' work, under their licences.
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      onLog: (level, log, handle) => {
        // Components say "use client" for servers that render; here is none.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
  },
  server: { proxy },
  preview: { proxy },
});

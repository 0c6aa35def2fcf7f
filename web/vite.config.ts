import { tanstackRouter } from '@tanstack/router-plugin/vite';
import react from '@vitejs/plugin-react';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const server = process.env['EVENT_MANAGER_DEV_API'] ?? 'http://127.0.0.1:8400';

const LANDING = /^\/_app($|\/$|\/judging)|^\/(?!_app)/;

const LANDED_ON = /(^|\/)(_app|index|judging|sign-in|invitation|reset-password|forgot-password|AccountMenu|TenantSwitcher|Bell|Notices|RecuseMyself|MarkHistory|CommentField)[.-]/;

/** Packs once at build time what the server would otherwise pack for every reader. */
function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    writeBundle({ dir }) {
      if (dir === undefined) return;
      for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
        if (/\.(js|css|svg)$/.test(name)) writeFileSync(join(dir, `${name}.gz`), gzipSync(readFileSync(join(dir, name)), { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [
    // Before react(): it splits every route file into its own chunk.
    tanstackRouter({
      target: 'react',
      autoCodeSplitting: true,
      // What people do not land on brings what it reads along with its page, so that the first page carries none of it.
      codeSplittingOptions: { splitBehavior: ({ routeId }) => (LANDING.test(routeId) ? undefined : [['loader', 'component']]) },
      routesDirectory: 'src/routes',
      generatedRouteTree: 'src/app/route-tree.gen.ts',
      quoteStyle: 'single',
      semicolons: true,
    }),
    react(),
    precompress(),
  ],
  build: {
    target: 'es2023', manifest: true, sourcemap: false, chunkSizeWarningLimit: 600,
    // Judges lose their network: the parts of their sheet are fetched while there is one. Which parts a chunk needs stands in the first file of all, for every page there is. Only what people land on has
    // its parts fetched ahead; the parts of other pages follow their page, which the router loads when a link is pointed at.
    modulePreload: { resolveDependencies: (file, parts) => (LANDED_ON.test(file) ? parts : parts.filter((part) => part.endsWith('.css'))) },
  },
  server: { host: '127.0.0.1', proxy: { '/api': server } },
});

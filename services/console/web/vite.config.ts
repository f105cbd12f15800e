import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

/** Content security policy of the service, so that what breaks under it breaks in development too. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "frame-ancestors 'none'",
].join('; ')

const service = { target: process.env.HUIYIN_API ?? 'http://127.0.0.1:8460', changeOrigin: true }
const proxy = { '/api': service, '/healthz': service }

export default defineConfig({
  plugins: [vue()],
  build: {
    target: 'chrome86',
    cssTarget: 'chrome86',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
  },
  worker: { format: 'es' },
  // The development server puts styles in by script, which the policy forbids; the preview serves the built files.
  server: { proxy },
  preview: { proxy, headers: { 'Content-Security-Policy': POLICY } },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
})

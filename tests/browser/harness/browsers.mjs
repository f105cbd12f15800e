// The two browsers the console is tried in: the one installed here and Chromium 86, the oldest it has to run in.

import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'

import { chromium } from 'playwright-core'

const modules = resolve(import.meta.dirname, '../node_modules')
const PACKED_86 = resolve(modules, 'chrome-aws-lambda/bin/chromium.br')
const UNPACKED_86 = resolve(modules, '.cache/chromium-86/chromium')

/** `current` or `86`, by `HUIYIN_TEST_BROWSER`. */
export const which = process.env.HUIYIN_TEST_BROWSER ?? 'current'

/** Starts the browser of this run, or another one. */
export async function launch(name = which) {
  const executablePath = name === '86' ? chromium86() : process.env.HUIYIN_TEST_CHROMIUM ?? '/usr/bin/chromium'
  // Its own sandbox needs rights that containers do not give; it shows pages of ours alone.
  const args = ['--no-sandbox', '--force-color-profile=srgb', '--lang=zh-CN']
  // This build has no OpenGL. A renderer that asks for it before the browser knows so asks again without end and answers nothing.
  if (name === '86') args.push('--disable-gpu')
  return chromium.launch({ executablePath, args })
}

/** Chromium 86 of the package, unpacked once. */
export function chromium86() {
  if (existsSync(UNPACKED_86)) return UNPACKED_86
  mkdirSync(dirname(UNPACKED_86), { recursive: true })
  const fresh = `${UNPACKED_86}.${process.pid}`
  writeFileSync(fresh, brotliDecompressSync(readFileSync(PACKED_86)))
  chmodSync(fresh, 0o755)
  renameSync(fresh, UNPACKED_86)
  return UNPACKED_86
}

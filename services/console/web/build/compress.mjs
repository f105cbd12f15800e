// Writes a .gz beside every file of the build that gets smaller by it: over plain HTTP browsers offer gzip, never brotli.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { constants, gzipSync } from 'node:zlib'

const COMPRESSIBLE = new Set(['.html', '.js', '.css', '.svg', '.json', '.txt', '.webmanifest'])
const SMALLEST_BYTES = 512

function compress(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) compress(path)
    else if (COMPRESSIBLE.has(extname(name))) write(path)
  }
}

function write(path) {
  const plain = readFileSync(path)
  if (plain.length < SMALLEST_BYTES) return
  const packed = gzipSync(plain, { level: constants.Z_BEST_COMPRESSION })
  if (packed.length < plain.length) writeFileSync(`${path}.gz`, packed)
}

compress(process.argv[2] ?? 'dist')

// Says what node's test runner found in the words of Rust's, so that one script counts both.

import { basename } from 'node:path'

export default async function* report(source) {
  let [passed, failed] = [0, 0]
  const browser = process.env.HUIYIN_TEST_BROWSER ?? 'current'
  for await (const { type, data } of source) {
    if (type === 'test:stdout' || type === 'test:stderr') yield data.message
    if (type !== 'test:pass' && type !== 'test:fail') continue
    // A file or a suite only sums up the tests in it; one that failed by itself counts.
    const sum = data.details?.type === 'suite' || data.file === data.name || /\.test\.mjs$/.test(data.name)
    const cause = data.details?.error
    if (sum && (type === 'test:pass' || cause?.failureType === 'subtestsFailed')) continue
    const name = `${browser} ${basename(data.file ?? '', '.test.mjs')}: ${data.name}`
    if (type === 'test:pass') {
      passed += 1
      yield `test ${name} ... ok\n`
    } else {
      failed += 1
      const inner = cause?.cause ?? cause
      yield `test ${name} ... FAILED\n${inner?.stack ?? inner}\n`
    }
  }
  yield `\ntest result: ${failed ? 'FAILED' : 'ok'}. ${passed} passed; ${failed} failed;\n`
}

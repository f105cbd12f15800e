// Pictures of every page of the demo, in both themes and three sizes.
//
//   node screenshots.mjs DIRECTORY [PAGE…]
//
// Writes DIRECTORY/PAGE-THEME-WIDTH.png. HUIYIN_TEST_BINARY and HUIYIN_TEST_BROWSER as for the tests.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { launch } from './harness/browsers.mjs'
import { Client } from './harness/client.mjs'
import { Demo } from './harness/demo.mjs'
import { Desk } from './harness/desk.mjs'
import { routes, thisMonth, visit } from './harness/routes.mjs'

const SIZES = [{ width: 1366, height: 768 }, { width: 1920, height: 1080 }, { width: 820, height: 1100 }]

const [directory, ...wanted] = process.argv.slice(2)
if (!directory) {
  console.error('usage: node screenshots.mjs DIRECTORY [PAGE…]')
  process.exit(2)
}
mkdirSync(directory, { recursive: true })
const demo = await Demo.start()
const browser = await launch()
try {
  const leader = await Client.login(demo.url, 'leader', demo.password)
  const pages = { login: '/login', ...routes(await richest(leader), thisMonth()) }
  for (const dark of [false, true]) {
    for (const viewport of SIZES) {
      const desk = await Desk.open(browser, demo.url, undefined, { viewport, dark })
      for (const [name, path] of Object.entries(pages)) {
        if (wanted.length && !wanted.includes(name)) continue
        // The login is seen by somebody who has none yet, and so comes first.
        if (name !== 'login' && !desk.client) await desk.enter('leader', demo.password)
        await visit(desk.page, path)
        const file = `${name}-${dark ? 'dark' : 'light'}-${viewport.width}.png`
        await desk.page.screenshot({ path: join(directory, file) })
        console.log(file)
      }
      for (const fault of desk.faults) console.error(`fault: ${fault}`)
      await desk.close()
    }
  }
} finally {
  await browser.close()
  await demo.stop()
}

/** The matter with the most on record. */
async function richest(client) {
  const { matters } = await client.read('/matters?limit=200')
  let best = { no: '', weight: -1 }
  for (const { no } of matters.filter(({ state }) => state !== 'merged')) {
    const { responses, steps, commitments, consultations, supervisions } = await client.matter(no)
    const weight = responses.length + steps.length + 2 * commitments.length + 2 * consultations.length + supervisions.length
    if (weight > best.weight) best = { no, weight }
  }
  return best.no
}

// axe on every page in both themes: nothing at levels A and AA.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { matterWithHistory } from '../harness/history.mjs'
import { routes, thisMonth, visit } from '../harness/routes.mjs'
import { Station } from '../harness/station.mjs'

let station
let no
before(async () => {
  station = await Station.start({ posts: 40 })
  no = await matterWithHistory(station)
})
after(() => station?.stop())

for (const dark of [false, true]) {
  for (const name of ['login', ...Object.keys(routes('', ''))]) {
    test(`${name}, ${dark ? 'dark' : 'light'}: axe finds nothing`, async () => {
      const desk = await station.desk(name === 'login' ? undefined : 'zhao', { dark })
      await visit(desk.page, name === 'login' ? '/login' : routes(no, thisMonth())[name])
      assert.equal(await desk.page.evaluate(() => document.documentElement.classList.contains('dark')), dark)
      assert.deepEqual(await desk.findings(), [])
      await station.clear()
    })
  }
}

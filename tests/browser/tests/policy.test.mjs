// The content policy is enforced and nothing on any page breaks it, hovering and opening included.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { matterWithHistory } from '../harness/history.mjs'
import { loaded, routes, thisMonth, visit } from '../harness/routes.mjs'
import { Station } from '../harness/station.mjs'

/** More would only repeat rows of the same list. */
const HOVERED_MAX = 60

let station
let no
before(async () => {
  station = await Station.start({ posts: 40 })
  no = await matterWithHistory(station)
})
after(() => station?.stop())

for (const name of Object.keys(routes('', ''))) {
  test(`${name} breaks no rule of the policy and throws nothing`, async () => {
    const desk = await station.desk('zhao')
    await visit(desk.page, routes(no, thisMonth())[name])
    await hover(desk.page)
    await desk.page.evaluate(() => scrollTo(0, document.body.scrollHeight))
    await loaded(desk.page)
    assert.deepEqual(await station.clear(), [])
  })
}

test('the policy is in force: an inline style is refused and told', async () => {
  const desk = await station.desk('zhang')
  await visit(desk.page, '/queue')
  await desk.page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<p style="color: red">x</p>'))
  await desk.page.evaluate(() => new Promise((done) => setTimeout(done)))
  assert.notEqual(desk.violations.length, 0)
  await station.clear()
})

/** Moves over every button, link, chart and tip in sight. */
async function hover(page) {
  const found = page.locator('button, a, [title], svg path, svg rect, [role=row], summary')
  const count = Math.min(await found.count(), HOVERED_MAX)
  for (let at = 0; at < count; at += 1) {
    const box = await found.nth(at).boundingBox().catch(() => null)
    if (box) await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  }
}

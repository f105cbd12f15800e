// No page scrolls sideways, at the sizes and zooms it is meant for; a matter prints as a file.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { matterWithHistory } from '../harness/history.mjs'
import { routes, thisMonth, visit } from '../harness/routes.mjs'
import { Station } from '../harness/station.mjs'

const SIZES = {
  '1366×768': { viewport: { width: 1366, height: 768 } },
  '1920×1080': { viewport: { width: 1920, height: 1080 } },
  '1366×768 at 200 %': { viewport: { width: 1366, height: 768 }, zoom: 2 },
  '1920×1080 at 200 %': { viewport: { width: 1920, height: 1080 }, zoom: 2 },
  '800×600': { viewport: { width: 800, height: 600 } },
}

let station
let no
before(async () => {
  station = await Station.start({ posts: 40 })
  no = await matterWithHistory(station)
})
after(() => station?.stop())

for (const [size, options] of Object.entries(SIZES)) {
  test(`${size}: no page scrolls sideways`, async () => {
    const desk = await station.desk('zhao', options)
    const wide = []
    for (const [name, path] of Object.entries({ login: '/login', ...routes(no, thisMonth()) })) {
      await visit(desk.page, path)
      const [has, fits] = await desk.page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
      if (has > fits) wide.push(`${name}: ${has} > ${fits}`)
    }
    assert.deepEqual(wide, [])
    await station.clear()
  })
}

test('a matter prints as a file, with all it says', async () => {
  const desk = await station.desk('zhao')
  await visit(desk.page, `/matters/${no}`)
  const pdf = await desk.page.pdf({ format: 'A4' })
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-')
  await desk.page.emulateMedia({ media: 'print' })
  const shown = await desk.page.evaluate(() => document.body.innerText)
  for (const words of [no, '请于两日内核实并回应', '已派人到现场核查', '明日完成更换并送检水样', '已更换三处阀门', '请明日下班前报送水质结果']) {
    assert.ok(shown.includes(words), `${words} is missing from print:\n${shown}`)
  }
  const navigation = desk.page.getByRole('navigation')
  for (const each of await navigation.all()) assert.equal(await each.isVisible(), false, 'the navigation is printed')
  await station.clear()
})

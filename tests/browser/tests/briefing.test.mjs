// The monthly briefing: its figures are the API's, its files are whole.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'

import { which } from '../harness/browsers.mjs'
import { matterWithHistory } from '../harness/history.mjs'
import { thisMonth, visit } from '../harness/routes.mjs'
import { Station } from '../harness/station.mjs'
import { zipNames } from '../harness/zip.mjs'

const month = thisMonth()
let station
before(async () => {
  station = await Station.start({ posts: 40 })
  await matterWithHistory(station)
})
after(() => station?.stop())

test('every figure shown is the API’s, and its link counts the same', async () => {
  const { page } = await station.desk('zhao')
  await visit(page, `/briefings/${month}`)
  const shown = (await page.locator('main').innerText()).replaceAll(',', '')
  const { figures } = (await station.leader.read(`/briefings/${month}`)).figures
  assert.ok(figures.length > 3)
  for (const { label, value, query } of figures) {
    assert.ok(shown.includes(label), `${label} is not shown`)
    assert.ok(shown.includes(String(value)), `${label} ${value} is not shown`)
    if (!query?.startsWith('/matters')) continue
    const { total } = await station.leader.read(`${query}${query.includes('?') ? '&' : '?'}count=true&limit=1`)
    assert.equal(total, Number(value), `${label}: ${query}`)
  }
  assert.deepEqual(await station.clear(), [])
})

const FILES = [
  ['docx', /Word|docx/i, 'word/document.xml'],
  ['xlsx', /Excel|xlsx/i, 'xl/workbook.xml'],
]
for (const [kind, link, part] of FILES) {
  test(`the ${kind} is downloaded whole, under its Chinese name`, async () => {
    const { page } = await station.desk('zhao')
    await visit(page, `/briefings/${month}`)
    const asked = page.getByRole('link', { name: link }).or(page.getByRole('button', { name: link })).first()
    const [name, bytes] = await download(page, asked, `briefing.${kind}`)
    const [year, number] = month.split('-')
    assert.ok(name.endsWith(`.${kind}`) && name.includes(`${year}年${Number(number)}月`), name)
    assert.ok(zipNames(bytes).includes(part))
    assert.deepEqual(await station.clear(), [])
  })
}

/** What a click downloads: the file's name and bytes. Chromium 86 tells nobody of downloads; there the answer itself is read. */
async function download(page, asked, path) {
  if (which === '86') {
    const [answer] = await Promise.all([page.waitForResponse((response) => response.url().endsWith(path)), asked.click()])
    const [, name] = (await answer.headerValue('content-disposition')).match(/filename\*=UTF-8''([^;]+)/i)
    return [decodeURIComponent(name), await answer.body()]
  }
  const [saved] = await Promise.all([page.waitForEvent('download'), asked.click()])
  return [saved.suggestedFilename(), readFileSync(await saved.path())]
}

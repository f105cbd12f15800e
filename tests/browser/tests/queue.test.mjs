// The queue by keyboard.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { Queue } from '../harness/queue.mjs'
import { Station } from '../harness/station.mjs'
import { until } from '../harness/until.mjs'
import { expectAway, expectText } from '../harness/watch.mjs'

let station
before(async () => (station = await Station.start()))
after(() => station?.stop())

/** A queue of its own for one test, and the rows as the API has them. */
async function atQueue(name = 'zhang') {
  const queue = await Queue.open(await station.desk(name))
  const { rows } = await station.officer.read('/queue?view=new')
  return { queue, page: queue.page, rows }
}

async function stateOf(no) {
  return (await station.officer.matter(no)).state
}

async function leadOf(no) {
  const { assignments } = await station.officer.matter(no)
  return assignments.find(({ part }) => part === 'lead').unit.id
}

test('the rows stand in the order of the API, the first is current', async () => {
  const { queue, rows } = await atQueue()
  const shown = await queue.titles()
  assert.deepEqual(shown, rows.slice(0, shown.length).map((row) => row.title))
  assert.equal((await queue.current()).no, rows[0].no)
  await expectText(queue.detail, rows[0].title)
  assert.deepEqual(await station.clear(), [])
})

test('J and K move, and the detail follows with its evidence', async () => {
  const { queue, rows } = await atQueue()
  await queue.press('j')
  await queue.press('j')
  await queue.becomes(rows[2].no)
  await queue.press('k')
  await queue.becomes(rows[1].no)
  await expectText(queue.detail, rows[1].title)
  await expectText(queue.detail, '为什么是')
  await queue.detail.locator('mark').first().waitFor()
  await queue.press('k')
  await queue.press('k')
  await queue.becomes(rows[0].no)
  assert.deepEqual(await station.clear(), [])
})

test('C assigns to the suggested unit and goes on', async () => {
  const { queue, rows } = await atQueue()
  await queue.press('c')
  await queue.becomes(rows[1].no)
  await until('the matter to be assigned', async () => (await stateOf(rows[0].no)) === 'assigned')
  const { assignments, grade_confirmed } = await station.officer.matter(rows[0].no)
  assert.deepEqual(assignments.map(({ unit, part }) => [unit.id, part]), [[rows[0].unit, 'lead']])
  assert.equal(grade_confirmed, true)
  assert.deepEqual(await station.clear(), [])
})

test('R and a digit assign to another candidate', async () => {
  const { queue, page, rows } = await atQueue()
  const candidate = await queue.rowWithCandidates(station.officer, rows)
  await queue.go(candidate.no)
  await queue.press('r')
  await queue.dialog().waitFor()
  await queue.press('2')
  await queue.submit()
  await expectText(queue.dialog().getByRole('alert'), '理由')
  assert.equal(await stateOf(candidate.no), 'new', 'it was reassigned without a reason')
  await queue.dialog().getByRole('textbox', { name: /改派理由/ }).fill('该路段由区里管养。')
  await queue.submit()
  await expectAway(page.getByRole('dialog'))
  await until('the matter to be assigned', async () => (await stateOf(candidate.no)) === 'assigned')
  assert.equal(await leadOf(candidate.no), candidate.units[1])
  assert.deepEqual(await station.clear(), [])
})

test('R finds a unit by name: Enter takes the first and goes on to the reason, the button stays in sight', async () => {
  const { queue, page, rows } = await atQueue()
  await page.setViewportSize({ width: 1366, height: 600 })
  await queue.press('r')
  const form = queue.dialog()
  await queue.submit()
  await expectText(form.getByRole('alert'), '请选定承办单位')
  const field = form.getByRole('textbox', { name: /改派理由/ })
  assert.notEqual(await field.getAttribute('aria-invalid'), 'true', 'it is not the reason that is missing')
  const search = form.getByRole('searchbox', { name: '查找单位' })
  await search.fill('烟草')
  await search.press('Enter')
  await until('the first unit to be chosen', () => form.getByRole('radio', { name: /烟草/ }).first().isChecked())
  const button = await form.getByRole('button', { name: /^改派/ }).boundingBox()
  assert.ok(button.y + button.height <= 600, `the button ends at ${button.y + button.height}`)
  await page.keyboard.type('属专卖管理。')
  assert.equal(await field.inputValue(), '属专卖管理。')
  await queue.submit()
  await expectAway(page.getByRole('dialog'))
  await until('the matter to be assigned', async () => (await stateOf(rows[0].no)) === 'assigned')
  assert.match((await station.officer.matter(rows[0].no)).assignments[0].unit.name, /烟草/)
  assert.deepEqual(await station.clear(), [])
})

test('a digit chooses a candidate, C assigns to it', async () => {
  const { queue, rows } = await atQueue()
  const candidate = await queue.rowWithCandidates(station.officer, rows)
  await queue.go(candidate.no)
  await queue.detail.getByRole('radio').nth(1).waitFor()
  await queue.press('2')
  await until('the second candidate to be chosen', () => queue.detail.getByRole('radio').nth(1).isChecked())
  await queue.press('c')
  await until('the matter to be assigned', async () => (await stateOf(candidate.no)) === 'assigned')
  assert.equal(await leadOf(candidate.no), candidate.units[1])
  assert.deepEqual(await station.clear(), [])
})

test('a digit pressed before the detail has come counts for the row reached, not for the one left', async () => {
  const { queue, page, rows } = await atQueue()
  // The second row is fetched ahead while the first is read; the third is not.
  const candidate = await queue.rowWithCandidates(station.officer, rows.slice(2))
  const left = rows[rows.findIndex(({ no }) => no === candidate.no) - 1]
  let release
  const held = new Promise((done) => (release = done))
  await page.route(`**/api/v1/matters/${candidate.no}/posts*`, async (route) => {
    await held
    await route.continue()
  })
  const chosen = (index) => () => queue.detail.getByRole('radio').nth(index).isChecked()
  await queue.go(left.no)
  await until('the first candidate to be proposed', chosen(0))
  for (const key of ['j', '2', 'c']) await queue.press(key)
  await expectText(queue.toast, '正在载入')
  release()
  await until('the second candidate to be chosen', chosen(1))
  await queue.press('k')
  await expectText(queue.detail, left.title)
  await until('the first candidate to be proposed still', chosen(0))
  await queue.press('j')
  await expectText(queue.detail, candidate.title)
  await queue.press('c')
  await until('the matter to be assigned', async () => (await stateOf(candidate.no)) === 'assigned')
  assert.equal(await leadOf(candidate.no), candidate.units[1])
  assert.equal(await stateOf(left.no), 'new')
  assert.deepEqual(await station.clear(), [])
})

test('D asks for a reason and sets aside with it', async () => {
  const { queue, page, rows } = await atQueue()
  await queue.press('d')
  await page.keyboard.press('Control+Enter')
  assert.equal(await stateOf(rows[0].no), 'new', 'it was set aside without a reason')
  await queue.dialog().getByRole('textbox').fill('与已答复的来信重复。')
  await page.keyboard.press('Control+Enter')
  await expectAway(page.getByRole('dialog'))
  await until('the matter to be set aside', async () => (await stateOf(rows[0].no)) === 'dismissed')
  assert.deepEqual(await station.clear(), [])
})

test('a dialog opened again at once stays, though the closing before it is told late', async () => {
  const { queue, page } = await atQueue()
  await queue.press('d')
  await queue.dialog().getByRole('button', { name: '取消' }).waitFor()
  const shown = await page.evaluate(async () => {
    const dialog = document.querySelector('dialog[open]')
    const told = new Promise((done) => dialog.addEventListener('close', () => setTimeout(done), { once: true }))
    const turn = async () => { for (let step = 0; step < 20; step += 1) await null }
    dialog.querySelector('footer button').click()
    await turn()
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'd', code: 'KeyD', bubbles: true }))
    await turn()
    const again = dialog.open
    await told
    return [again, dialog.open]
  })
  assert.deepEqual(shown, [true, true])
  await page.keyboard.press('Escape')
  await expectAway(page.getByRole('dialog'))
  await until('the list to have the focus', () => queue.grid.evaluate((element) => element.contains(document.activeElement)))
  assert.deepEqual(await station.clear(), [])
})

test('A claims, the other officer sees it; A again releases', async () => {
  const { queue, rows } = await atQueue()
  const other = await Queue.open(await station.desk('li'))
  await queue.press('a')
  await expectText(other.row(rows[0].title), '张值班')
  await other.becomes(rows[0].no)
  await expectText(other.detail, '张值班')
  await queue.press('a')
  await until('the claim to go', async () => !(await other.row(rows[0].title).innerText()).includes('张值班'))
  assert.equal((await station.officer.matter(rows[0].no)).claim ?? null, null)
  assert.deepEqual(await station.clear(), [])
})

test('/ goes to the filter; what is typed there acts on nothing', async () => {
  const { queue, page, rows } = await atQueue()
  await queue.press('/')
  await page.keyboard.type('cdx')
  assert.equal(await page.evaluate(() => document.activeElement.value), 'cdx')
  assert.equal(await stateOf(rows[0].no), 'new')
  assert.equal(await page.getByRole('dialog').count(), 0)
  await page.keyboard.press('Control+a')
  await page.keyboard.type(rows[3].title)
  await until('one row to be left', async () => (await queue.titles()).length === 1)
  assert.deepEqual(await queue.titles(), [rows[3].title])
  assert.deepEqual(await station.clear(), [])
})

test('? shows the keys, Esc closes them; G and a letter go elsewhere', async () => {
  const { queue, page } = await atQueue()
  await queue.press('?')
  await expectText(page.getByRole('dialog', { name: '快捷键' }), '撤销')
  await page.keyboard.press('Escape')
  await expectAway(page.getByRole('dialog'))
  for (const [letter, path] of [['m', '/matters'], ['c', '/commitments'], ['q', '/queue'], ['s', '/search']]) {
    await queue.press('g')
    await queue.press(letter)
    await page.waitForURL((url) => url.pathname === path)
  }
  assert.deepEqual(await station.clear(), [])
})

test('Enter goes into the detail, Esc back to the same row', async () => {
  const { queue, page, rows } = await atQueue()
  await queue.press('j')
  await queue.press('Enter')
  await until('the detail to have the focus', () => queue.detail.evaluate((element) => element.contains(document.activeElement)))
  await page.keyboard.press('Escape')
  await until('the list to have the focus', () => queue.grid.evaluate((element) => element.contains(document.activeElement)))
  await queue.becomes(rows[1].no)
  assert.deepEqual(await station.clear(), [])
})

test('single keys can be switched off and on again', async () => {
  const { queue, page, rows } = await atQueue()
  await queue.press('?')
  await page.getByRole('switch', { name: '启用单键快捷键' }).press('Space')
  await page.keyboard.press('Escape')
  await expectAway(page.getByRole('dialog'))
  for (const key of ['c', 'd', 'x', 'j', 'g', 'm', '?']) await page.keyboard.press(key)
  assert.equal((await queue.current()).no, rows[0].no)
  assert.equal(await page.getByRole('dialog').count(), 0)
  assert.equal(await stateOf(rows[0].no), 'new')
  await page.reload()
  await queue.ready()
  await page.keyboard.press('j')
  assert.equal((await queue.current()).no, rows[0].no, 'the switch is forgotten')
  await page.getByRole('button', { name: /快捷键/ }).first().click()
  await page.getByRole('switch', { name: '启用单键快捷键' }).press('Space')
  await page.keyboard.press('Escape')
  await queue.press('j')
  await queue.becomes(rows[1].no)
  assert.deepEqual(await station.clear(), [])
})

// Two officers at the same matters: nobody decides on what he has not seen.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { Queue } from '../harness/queue.mjs'
import { Station } from '../harness/station.mjs'
import { until } from '../harness/until.mjs'
import { expectText } from '../harness/watch.mjs'

let station
let colleague
before(async () => {
  station = await Station.start()
  colleague = await station.node.login('li')
})
after(() => station?.stop())

/** Lets the colleague act on a matter after the page has sent its own action and before that arrives. */
async function overtake(page, no, act) {
  let overtaken = false
  await page.route(`**/api/v1/matters/${no}/assign`, async (route) => {
    if (!overtaken) await act()
    overtaken = true
    await route.continue()
  })
}

test('the second is told who did what when, and sees the new state', async () => {
  const queue = await Queue.open(await station.desk('zhang'))
  const { no, title } = await queue.current()
  const { suggestion } = await station.officer.matter(no)
  await overtake(queue.page, no, () => colleague.act(no, 'dismiss', { reason: '已由他处答复。' }))
  await queue.press('c')
  await expectText(queue.toast, '未能')
  await queue.go(no)
  await expectText(queue.detail, /值班员 li/)
  await expectText(queue.row(title), '不予办理')
  const matter = await station.officer.matter(no)
  assert.equal(matter.state, 'dismissed')
  assert.ok(suggestion.unit.id, 'there was nothing to be assigned to')
  assert.deepEqual(matter.assignments, [])
  assert.deepEqual(await station.clear(), [])
})

test('in bulk, the one that was overtaken fails and the others are done, each told by itself', async () => {
  const queue = await Queue.open(await station.desk('zhang'))
  const { rows } = await station.officer.read('/queue?view=new')
  const [first, second, third] = rows
  await queue.press('x')
  await queue.press('Shift+J')
  await queue.press('Shift+J')
  await expectText(queue.page.locator('main'), /已选 ?3 ?件/)
  await overtake(queue.page, second.no, () => colleague.act(second.no, 'dismiss', { reason: '已由他处答复。' }))
  await queue.press('c')
  await expectText(queue.bulkResults, '成功 2，失败 1')
  const items = queue.bulkResults.getByRole('listitem')
  for (const { title } of [first, third]) await expectText(items.filter({ hasText: title }), '成功')
  await expectText(items.filter({ hasText: second.title }), /失败[^]*不予办理/)
  const state = async ({ no }) => (await station.officer.matter(no)).state
  await until('two to be assigned', async () => (await state(first)) === 'assigned' && (await state(third)) === 'assigned')
  assert.equal(await state(second), 'dismissed')
  assert.deepEqual(await station.clear(), [])
})

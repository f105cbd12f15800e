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

/**
 * Lets the colleague act on matters after the page has sent its own action and before that arrives. To be called before the
 * page is opened: a browser begins to hold requests back a moment after it says that it does, and one may slip through.
 */
async function overtaking(page) {
  const acts = new Map()
  await page.route('**/api/v1/matters/*/assign', async (route) => {
    const no = route.request().url().split('/').at(-2)
    await acts.get(no)?.()
    acts.delete(no)
    await route.continue()
  })
  return {
    plan: (no, reason) => acts.set(no, () => colleague.act(no, 'dismiss', { reason })),
    /** Whether every planned act was done. */
    get done() {
      return acts.size === 0
    },
  }
}

test('the second is told who did what when, and sees the new state', async () => {
  const desk = await station.desk('zhang')
  const colleagues = await overtaking(desk.page)
  const queue = await Queue.open(desk)
  const { no, title } = await queue.current()
  const { suggestion } = await station.officer.matter(no)
  colleagues.plan(no, '已由他处答复。')
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
  const desk = await station.desk('zhang')
  const colleagues = await overtaking(desk.page)
  const queue = await Queue.open(desk)
  const { rows } = await station.officer.read('/queue?view=new')
  const [first, second, third] = rows
  await queue.press('x')
  await queue.press('Shift+J')
  await queue.press('Shift+J')
  await expectText(queue.page.locator('main'), /已选 ?3 ?件/)
  colleagues.plan(second.no, '已由他处答复。')
  await queue.press('c')
  await until('the colleague to be first', () => colleagues.done)
  await expectText(queue.bulkResults, '成功 2，失败 1')
  const items = queue.bulkResults.getByRole('listitem')
  for (const { title } of [first, third]) await expectText(items.filter({ hasText: title }), '成功')
  await expectText(items.filter({ hasText: second.title }), /失败[^]*不予办理/)
  const state = async ({ no }) => (await station.officer.matter(no)).state
  await until('two to be assigned', async () => (await state(first)) === 'assigned' && (await state(third)) === 'assigned')
  assert.equal(await state(second), 'dismissed')
  assert.deepEqual(await station.clear(), [])
})

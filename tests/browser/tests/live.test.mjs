// Live: news waits in its strip, pausing holds it, and nothing is missed when the connection breaks.

import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'

import { Cutter } from '../harness/cutter.mjs'
import { Queue } from '../harness/queue.mjs'
import { Station } from '../harness/station.mjs'
import { until } from '../harness/until.mjs'
import { expectText } from '../harness/watch.mjs'

let station
let cutter
before(async () => {
  station = await Station.start({ posts: 30 })
  cutter = await Cutter.before(station.node.url)
})
afterEach(() => {
  cutter.mend()
})
after(async () => {
  cutter?.stop()
  await station?.stop()
})

/** A queue of which the first row is a known matter. */
async function atQueue(url) {
  const queue = await Queue.open(await station.desk('zhang', { url }))
  return { queue, before: await queue.total() }
}

async function waiting(queue, count) {
  await expectText(queue.main, new RegExp(`有 ?${count} ?件新事项`))
}

test('new posts wait in the strip, no row moves, and . shows them', async () => {
  const { queue, before: rows } = await atQueue()
  const titles = await queue.titles()
  const { no } = await queue.current()
  const posts = await station.more(2)
  await waiting(queue, 2)
  assert.deepEqual(await queue.titles(), titles)
  await queue.press('.')
  await until('the rows to be there', async () => (await queue.total()) === rows + 2)
  await queue.becomes(no)
  await queue.find(posts[1].title)
  assert.deepEqual(await station.clear(), [])
})

test('P pauses and goes on, with what came meanwhile', async () => {
  const { queue } = await atQueue()
  await queue.press('p')
  await expectText(queue.main, '已暂停')
  await station.more(1)
  await expectText(queue.main, /1 ?件有变化/)
  await queue.press('p')
  await waiting(queue, 1)
  assert.deepEqual(await station.clear(), [])
})

test('what another officer decides shows in its row, which stays where it is', async () => {
  const { queue } = await atQueue()
  const { rows } = await station.officer.read('/queue?view=new')
  const { no, title } = rows[1]
  const titles = await queue.titles()
  await station.leader.act(no, 'dismiss', { reason: '重复来信。' })
  await expectText(queue.row(title), '不予办理')
  assert.deepEqual(await queue.titles(), titles)
  assert.deepEqual(await station.clear(), [])
})

test('a cut line is told; what happened meanwhile comes when it is back', async () => {
  const { queue } = await atQueue(cutter.url)
  cutter.sever()
  await expectText(queue.page.getByRole('banner'), '已断开')
  await station.more(3)
  cutter.mend()
  await queue.page.getByRole('banner').getByText('实时').waitFor()
  await waiting(queue, 3)
  await station.clear()
})

test('a restart of the service is lived through: live again, nothing missed', async () => {
  const { queue } = await atQueue()
  await station.node.halt()
  await expectText(queue.page.getByRole('banner'), '已断开')
  await station.node.rerun()
  await station.more(2)
  await queue.page.getByRole('banner').getByText('实时').waitFor()
  await waiting(queue, 2)
  const { no } = await queue.current()
  await queue.press('c')
  await until('the matter to be assigned', async () => (await station.officer.matter(no)).state === 'assigned')
  await station.clear()
})

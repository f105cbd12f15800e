// Eight tabs of one browser: all live, over one connection.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { Cutter } from '../harness/cutter.mjs'
import { Queue } from '../harness/queue.mjs'
import { Station } from '../harness/station.mjs'
import { until } from '../harness/until.mjs'
import { expectText } from '../harness/watch.mjs'

const TABS = 8

let station
let cutter
before(async () => {
  station = await Station.start({ posts: 20 })
  cutter = await Cutter.before(station.node.url)
})
after(async () => {
  cutter?.stop()
  await station?.stop()
})

test('eight tabs hear of a new matter over one connection', async () => {
  const desk = await station.desk('zhang', { url: cutter.url })
  const queues = [await Queue.open(desk)]
  while (queues.length < TABS) queues.push(await Queue.open(desk, '/queue', await desk.context.newPage()))
  await until('one connection to carry events', () => cutter.following() === 1)
  await station.more(1)
  for (const { main } of queues) await expectText(main, /有 ?1 ?件新事项/)
  assert.equal(cutter.following(), 1)
  // The rest of the tabs stay live when the first, which opened the connection, is closed.
  await queues[0].page.close()
  await station.more(1)
  for (const { main } of queues.slice(1)) await expectText(main, /有 ?2 ?件新事项/)
  assert.equal(cutter.following(), 1)
  assert.deepEqual(await station.clear(), [])
})

test('what one tab decides, the others show', async () => {
  const desk = await station.desk('zhang')
  const [one, other] = [await Queue.open(desk), await Queue.open(desk, '/queue', await desk.context.newPage())]
  const { title } = await one.current()
  await one.page.bringToFront()
  await one.press('c')
  await expectText(other.row(title), '待签收')
  assert.deepEqual(await station.clear(), [])
})

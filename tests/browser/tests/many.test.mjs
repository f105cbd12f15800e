// 5,000 matters: only rows in sight exist, every one can be reached, and the first load stays small.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { transferred } from '../harness/load.mjs'
import { Queue } from '../harness/queue.mjs'
import { Station } from '../harness/station.mjs'

const MATTERS = 5000
const ROWS_MAX = 60
const FIRST_LOAD_BYTES_MAX = 350 * 1024

let station
before(async () => (station = await Station.start({ posts: MATTERS })))
after(() => station?.stop())

test('only the rows in sight exist, from the first to the last', async () => {
  const queue = await Queue.open(await station.desk('zhang'))
  assert.equal(await queue.total(), MATTERS)
  const { rows } = await station.officer.read('/queue?view=new&limit=10000')
  assert.equal(rows.length, MATTERS)
  assert.ok((await queue.rows.count()) <= ROWS_MAX)
  await queue.press('End')
  await queue.becomes(rows[MATTERS - 1].no)
  assert.ok((await queue.rows.count()) <= ROWS_MAX)
  await queue.press('Home')
  await queue.becomes(rows[0].no)
  for (let step = 0; step < 30; step += 1) await queue.press('j')
  await queue.becomes(rows[30].no)
  assert.ok((await queue.rows.count()) <= ROWS_MAX)
  assert.deepEqual(await station.clear(), [])
})

test('a filter finds one among all', async () => {
  const queue = await Queue.open(await station.desk('zhang'))
  const { rows } = await station.officer.read('/queue?view=new&limit=10000')
  await queue.find(rows[4321].title)
  assert.ok((await queue.titles()).includes(rows[4321].title))
  assert.deepEqual(await station.clear(), [])
})

test('the first load is small', async () => {
  const desk = await station.desk('zhang')
  const bytes = await transferred(desk, async () => void (await Queue.open(desk)))
  assert.ok(bytes > 0 && bytes < FIRST_LOAD_BYTES_MAX, `${bytes} bytes`)
})

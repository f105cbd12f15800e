// What is much spoken of: the mark on a matter, and the warning that a subject at a place is spoken of more than usual.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { inventedPosts } from '../harness/posts.mjs'
import { Queue } from '../harness/queue.mjs'
import { visit } from '../harness/routes.mjs'
import { Station } from '../harness/station.mjs'

const DAY_MS = 86_400_000
const TODAY = 12
let station
let title
before(async () => {
  station = await Station.start({ posts: 40 })
  const [post] = inventedPosts(1, 2000)
  const written = (id, at) => ({ ...post, id, source: '12345热线', time: new Date(at).toISOString() })
  const now = Date.now()
  const history = Array.from({ length: 40 }, (_, index) => written(`h-${index}`, now - (1 + (index >> 1)) * DAY_MS))
  const archive = Array.from({ length: 20 }, (_, index) => ({ ...post, id: `a-${index}`, source: '档案', time: '2025-03-01T09:00:00+08:00' }))
  await station.node.seed([...history, ...archive])
  await station.node.seed(Array.from({ length: TODAY }, (_, index) => written(`n-${index}`, now - index * 1000)))
  const { rows } = await station.officer.read('/queue?view=all')
  const hot = rows.filter(({ heat }) => heat)
  assert.equal(hot.length, 1, JSON.stringify(hot))
  assert.deepEqual([hot[0].heat.level, hot[0].heat.posts_day], ['hot', TODAY], JSON.stringify(hot[0]))
  title = hot[0].title
})
after(() => station?.stop())

test('a hot matter is marked in the queue, in the list and on its page', async () => {
  const desk = await station.desk('zhang')
  const queue = await Queue.open(desk)
  await queue.find(title.slice(0, 8))
  const mark = queue.row(title).getByText(`热点 日增${TODAY}`)
  await mark.waitFor()
  assert.match(await mark.getAttribute('title'), new RegExp(`近24小时${TODAY}帖，前24小时\\d+帖；共\\d+帖，来自\\d个来源`))
  await visit(desk.page, '/matters')
  await desk.page.getByRole('row').filter({ hasText: title }).getByText(`热点 日增${TODAY}`).first().waitFor()
  await desk.page.getByRole('link', { name: title }).first().click()
  await desk.page.getByText(new RegExp(`热点：近24小时${TODAY}帖`)).waitFor()
  assert.deepEqual(await station.clear(), [])
})

test('a surge stands above the queue and leads to the matters behind it', async () => {
  const { surges } = await station.officer.read('/statistics/surges')
  assert.equal(surges.length, 1, JSON.stringify(surges))
  const { page } = await station.desk('zhang')
  await visit(page, '/queue')
  const link = page.getByRole('link', { name: new RegExp(`${surges[0].place.name}·${surges[0].system} (今|昨)日${TODAY}条，常日约2条`) })
  await link.click()
  await page.getByRole('status').filter({ hasText: '共 1 件' }).waitFor()
  await page.getByText(/有网帖发布于：\d+年\d+月\d+日/).first().waitFor()
  await page.getByRole('link', { name: title }).waitFor()
  await visit(page, '/statistics')
  await page.getByRole('table').first().getByRole('link', { name: new RegExp(`网帖${TODAY}条，查看事项`) }).waitFor()
  assert.deepEqual(await station.clear(), [])
})

// A further concern of a post becomes a matter of its own.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { Queue } from '../harness/queue.mjs'
import { visit } from '../harness/routes.mjs'
import { Station } from '../harness/station.mjs'
import { until } from '../harness/until.mjs'
import { expectText } from '../harness/watch.mjs'

const POST = {
  id: 'lamp-1',
  title: '青杨路路灯坏了',
  text: '南昌市东湖区青杨路的路灯坏了半个多月，路灯一直不亮，晚上一片漆黑没人来修。顺便问一下，异地就医的医保报销要交什么材料？',
  source: '市长信箱',
  place: '南昌市东湖区',
}

let station
before(async () => {
  station = await Station.start({ posts: 4 })
  await station.node.seed([POST])
})
after(() => station?.stop())

test('F opens it, once; both matters show the post and name each other', async () => {
  const queue = await Queue.open(await station.desk('zhang'))
  const { rows } = await station.officer.read('/queue?view=new')
  const first = rows.find((row) => row.title === POST.title)
  await queue.go(first.no)
  await expectText(queue.detail, '另有诉求：东湖区医疗保障局')
  await queue.press('f')
  await expectText(queue.toast, '已另立事项')
  await expectText(queue.detail, '已另立事项')
  const { further } = await station.officer.matter(first.no)
  assert.deepEqual(further.map(({ system }) => system), ['医保'])
  await expectText(queue.detail, `医保（${further[0].no}）`)
  await queue.press('f')
  await expectText(queue.toast, '均已另立事项')
  assert.equal((await station.officer.matter(first.no)).further.length, 1)

  // It waits among the new ones, with the words that led to it.
  await queue.press('.')
  await until('the new matter to be in the queue', async () => (await queue.titles()).some((title) => title.includes('异地就医的医保报销')))
  await queue.go(further[0].no)
  await expectText(queue.detail, `由事项 ${first.no} 另立`)
  await expectText(queue.detail, POST.text.slice(0, 20))
  await queue.detail.locator('mark', { hasText: '医保报销' }).first().waitFor()
  assert.equal(await queue.detail.getByRole('button', { name: '立为新事项' }).count(), 0)

  await visit(queue.page, `/matters/${further[0].no}`)
  await queue.main.getByRole('link', { name: first.no }).first().waitFor()
  await expectText(queue.main, '1 条')
  await visit(queue.page, `/matters/${first.no}`)
  await queue.main.getByRole('link', { name: further[0].no }).first().waitFor()
  assert.deepEqual(await station.clear(), [])
})

test('who only looks is offered no button', async () => {
  await station.node.seed([{ ...POST, id: 'lamp-2', title: '芷湾路路灯不亮', text: POST.text.replaceAll('青杨路', '芷湾路').replace('一片漆黑', '看不见路') }])
  await station.node.user('shen', 'auditor', { display: '审计员' })
  const queue = await Queue.open(await station.desk('shen'))
  const { rows } = await station.officer.read('/queue?view=new')
  const row = rows.find(({ title }) => title === '芷湾路路灯不亮')
  await queue.go(row.no)
  await expectText(queue.detail, '另有诉求')
  assert.equal(await queue.detail.getByRole('button', { name: '立为新事项' }).count(), 0)
  await queue.press('f')
  await expectText(queue.toast, '不能办理')
  assert.deepEqual((await station.officer.matter(row.no)).further, [])
  assert.deepEqual(await station.clear(), [])
})

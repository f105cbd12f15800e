// Undo within ten seconds: the matter is back, and nobody outside ever heard of it.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { Queue } from '../harness/queue.mjs'
import { Receiver } from '../harness/receiver.mjs'
import { Station } from '../harness/station.mjs'
import { until } from '../harness/until.mjs'
import { expectText } from '../harness/watch.mjs'

let station
let receiver
before(async () => {
  receiver = await Receiver.start()
  station = await Station.start({ posts: 20, tables: '[alerts]\nallow_loopback = true\n' })
  const channel = await station.admin.post('/alerts/channels', { name: '收件方', kind: 'webhook', url: receiver.url, signing: 'hmac' })
  const rule = { name: '交办即达', channel: channel.id, units: [], grades: [], kinds: ['assigned'], enabled: true }
  await station.admin.post('/alerts/rules', rule)
})
after(async () => {
  await station?.stop()
  receiver?.stop()
})

test('Z takes an assignment back before anybody was told', async () => {
  const queue = await Queue.open(await station.desk('zhang'))
  const { no, title } = await queue.current()
  await queue.press('c')
  await expectText(queue.toast, title)
  await queue.press('z')
  await expectText(queue.toast, '已撤销')
  const matter = await station.officer.matter(no)
  assert.equal(matter.state, 'new')
  assert.equal(matter.lead ?? null, null)
  const { entries } = await station.officer.read(`/matters/${no}/entries`)
  assert.deepEqual(entries.slice(-2).map(({ kind }) => kind), ['assigned', 'undone'])
  // What follows the ledger goes by its order: once a later assignment was told, the earlier one never will be.
  const { rows } = await station.officer.read('/queue?view=new')
  const later = rows.find((row) => row.no !== no && row.unit)
  await station.officer.act(later.no, 'assign', { lead: later.unit, grade: later.grade })
  await until('the later assignment to be told', () => receiver.about(later.no).length === 1)
  assert.deepEqual(receiver.about(no), [])
  const { deliveries } = await station.admin.read(`/alerts/deliveries?matter=${no}`)
  assert.deepEqual(deliveries, [])
  assert.deepEqual(await station.clear(), [])
})

test('the button of the message does the same, for what was set aside', async () => {
  const queue = await Queue.open(await station.desk('zhang'))
  const { no } = await queue.current()
  await queue.press('d')
  await queue.dialog().getByRole('textbox').fill('重复来信。')
  await queue.page.keyboard.press('Control+Enter')
  await until('the matter to be set aside', async () => (await station.officer.matter(no)).state === 'dismissed')
  await queue.page.getByRole('button', { name: '撤销' }).click()
  await until('the matter to be back', async () => (await station.officer.matter(no)).state === 'new')
  await queue.row((await station.officer.matter(no)).title).waitFor()
  assert.deepEqual(await station.clear(), [])
})

test('after the time the service refuses, and says what to do instead', async () => {
  const { rows } = await station.officer.read('/queue?view=new')
  const [{ no, unit, grade }] = rows.filter((row) => row.unit)
  const done = await station.officer.act(no, 'assign', { lead: unit, grade })
  assert.ok(done.undo?.until, JSON.stringify(done.undo))
  await until('the service to tell that it is too late', async () => !(await station.officer.matter(no)).undo)
  const late = await station.officer.send('POST', `/api/v1/matters/${no}/undo`, {}, { 'if-match': `"${done.decided_version}"` })
  assert.equal(late.status, 409)
  assert.equal(late.body.code, 'undo_expired')
  assert.equal((await station.officer.matter(no)).state, 'assigned')
})

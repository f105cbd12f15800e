// Logging in, out, and in again without losing what was typed.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { PASSWORD } from '../harness/node.mjs'
import { Queue } from '../harness/queue.mjs'
import { loaded, visit } from '../harness/routes.mjs'
import { Station } from '../harness/station.mjs'
import { until } from '../harness/until.mjs'
import { expectAway, expectText } from '../harness/watch.mjs'

let station
before(async () => (station = await Station.start()))
after(() => station?.stop())

async function fill(page, name, password) {
  await page.getByLabel('用户名').fill(name)
  await page.getByLabel('口令').fill(password)
  await page.getByRole('button', { name: '登录' }).click()
}

test('a wrong password is refused in words, and the name stays', async () => {
  const { page } = await station.desk()
  await visit(page, '/login')
  await fill(page, 'zhang', 'wrong')
  await expectText(page.getByRole('alert'), '用户名或密码不正确')
  assert.equal(await page.getByLabel('用户名').inputValue(), 'zhang')
  assert.equal(new URL(page.url()).pathname, '/login')
  assert.deepEqual(await station.clear(), [])
})

test('the right password leads where one wanted to go', async () => {
  const { page } = await station.desk()
  await page.goto('/matters?state=new')
  await page.waitForURL(/\/login\?to=/)
  await fill(page, 'zhang', PASSWORD)
  await page.waitForURL(/\/matters\?state=new$/)
  await expectText(page.getByRole('banner'), '张值班')
  await loaded(page)
  assert.deepEqual(await station.clear(), [])
})

test('an address of another site is not followed after the login', async () => {
  const { page } = await station.desk()
  await visit(page, '/login?to=//example.cn/')
  await fill(page, 'zhang', PASSWORD)
  await page.waitForURL(/\/queue/)
  assert.equal(new URL(page.url()).origin, station.node.url)
  await station.clear()
})

test('logging out ends the session', async () => {
  const desk = await station.desk('li')
  await visit(desk.page, '/queue')
  await desk.page.getByRole('button', { name: '退出' }).click()
  await desk.page.waitForURL(/\/login/)
  const answer = await desk.client.send('GET', '/api/v1/me')
  assert.equal(answer.status, 401)
  await desk.page.goto('/queue')
  await desk.page.waitForURL(/\/login/)
  assert.deepEqual(await station.clear(), [])
})

test('a login that runs out asks for the password; the draft stays and is sent', async () => {
  const desk = await station.desk('zhang')
  const queue = await Queue.open(desk)
  const { no } = await queue.current()
  const reason = '与上月已答复的来信重复，已电话告知。'
  await queue.press('d')
  const form = queue.dialog()
  await form.getByRole('textbox').fill(reason)
  // What is sent from the dialog has to be the first to meet the end of the login.
  await queue.quiet()
  // Making the user again ends every session of it.
  await station.node.user('zhang', 'duty_officer', { display: '张值班' })
  await desk.page.keyboard.press('Control+Enter')
  const login = desk.page.getByRole('dialog', { name: '登录已过期' })
  await login.getByLabel('口令').fill('wrong')
  await desk.page.keyboard.press('Enter')
  await expectText(login.getByRole('alert'), '用户名或密码不正确')
  await login.getByLabel('口令').fill(PASSWORD)
  await desk.page.keyboard.press('Enter')
  await expectAway(desk.page.getByRole('dialog'))
  station.officer = await station.node.login('zhang')
  await until('the matter to be set aside', async () => (await station.officer.matter(no)).state === 'dismissed')
  const { entries } = await station.officer.read(`/matters/${no}/entries`)
  assert.ok(JSON.stringify(entries).includes(reason), JSON.stringify(entries))
  assert.deepEqual(await station.clear(), [])
})

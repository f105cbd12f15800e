// Chinese input methods: keys are known by their place on the keyboard, and composing acts on nothing.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { Queue } from '../harness/queue.mjs'
import { Station } from '../harness/station.mjs'

let station
before(async () => (station = await Station.start({ posts: 20 })))
after(() => station?.stop())

/** A key as an input method gives it: the name is `Process`, the code 229. */
async function processed(page, code) {
  const devtools = await page.context().newCDPSession(page)
  for (const type of ['rawKeyDown', 'keyUp']) {
    await devtools.send('Input.dispatchKeyEvent', { type, code, key: 'Process', windowsVirtualKeyCode: 229 })
  }
}

test('outside a field a key acts while an input method is on', async () => {
  const queue = await Queue.open(await station.desk('zhang'))
  const { rows } = await station.officer.read('/queue?view=new')
  await processed(queue.page, 'KeyJ')
  await queue.becomes(rows[1].no)
  assert.deepEqual(await station.clear(), [])
})

test('composing in a field acts on nothing, the Enter that ends it included', async () => {
  const queue = await Queue.open(await station.desk('zhang'))
  const { rows } = await station.officer.read('/queue?view=new')
  await queue.press('d')
  const field = queue.dialog().getByRole('textbox')
  await field.focus()
  for (const code of ['KeyC', 'KeyD', 'KeyX', 'KeyJ', 'Enter']) await processed(queue.page, code)
  await field.dispatchEvent('compositionstart', { data: '' })
  await field.dispatchEvent('compositionupdate', { data: 'chong' })
  await field.dispatchEvent('compositionend', { data: '重复' })
  await queue.page.keyboard.insertText('重复')
  assert.equal(await field.inputValue(), '重复')
  await field.dispatchEvent('keydown', { code: 'Enter', key: 'Process', keyCode: 229, ctrlKey: true, isComposing: true })
  assert.equal(await queue.page.getByRole('dialog').count(), 1)
  assert.equal((await station.officer.matter(rows[0].no)).state, 'new')
  assert.equal((await queue.current()).no, rows[0].no)
  assert.deepEqual(await station.clear(), [])
})

test('composing in the filter neither moves nor decides', async () => {
  const queue = await Queue.open(await station.desk('zhang'))
  const { rows } = await station.officer.read('/queue?view=new')
  await queue.press('/')
  for (const code of ['KeyC', 'KeyD', 'KeyJ', 'Slash']) await processed(queue.page, code)
  assert.equal(await queue.page.getByRole('dialog').count(), 0)
  assert.equal((await station.officer.matter(rows[0].no)).state, 'new')
  assert.deepEqual(await station.clear(), [])
})

// Search over posts and matters: marks, facets that narrow, and the address that keeps it all.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { visit } from '../harness/routes.mjs'
import { Station } from '../harness/station.mjs'
import { until } from '../harness/until.mjs'
import { expectText } from '../harness/watch.mjs'

let station
before(async () => {
  station = await Station.start({ posts: 80 })
  await until('the index to have every post', async () => (await found('自来水')).total >= 4)
})
after(() => station?.stop())

function found(q, more = '') {
  return station.officer.read(`/search?q=${encodeURIComponent(q)}${more}`)
}

test('hits are marked and counted as the API counts them', async () => {
  const { page } = await station.desk('zhang')
  await visit(page, '/search')
  await page.getByRole('searchbox').or(page.getByRole('textbox', { name: /检索|搜索|关键词/ })).first().fill('自来水')
  await page.keyboard.press('Enter')
  const { total } = await found('自来水')
  await expectText(page.locator('main'), new RegExp(`${total} ?(条|件|项)`))
  const marks = await page.locator('main mark').allInnerTexts()
  assert.ok(marks.length > 0 && marks.every((mark) => '自来水'.includes(mark) || mark.includes('自来水')), marks.join('|'))
  assert.match(decodeURIComponent(page.url()), /q=自来水/)
  assert.deepEqual(await station.clear(), [])
})

test('a facet narrows, and going back widens again', async () => {
  const { page } = await station.desk('zhang')
  await visit(page, `/search?q=${encodeURIComponent('小区')}`)
  const all = await found('小区')
  const facet = all.facets.source.find(({ count }) => count < all.total)
  const name = new RegExp(`${facet.name ?? facet.value}`)
  const choice = page.getByRole('link', { name }).or(page.getByRole('button', { name })).or(page.getByRole('checkbox', { name })).first()
  await choice.click()
  await expectText(page.locator('main'), new RegExp(`${facet.count} ?(条|件|项)`))
  await page.goBack()
  await expectText(page.locator('main'), new RegExp(`${all.total} ?(条|件|项)`))
  assert.deepEqual(await station.clear(), [])
})

test('nothing found says so', async () => {
  const { page } = await station.desk('zhang')
  await visit(page, `/search?q=${encodeURIComponent('鲸落万物生')}`)
  await expectText(page.locator('main'), /没有/)
  assert.deepEqual(await station.clear(), [])
})

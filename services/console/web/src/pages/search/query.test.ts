import { expect, it } from 'vitest'
import { isAsked, ofMonth, parse, toApi, toLocation, withFacet } from './query'

it.each([
  [{ q: ' 供暖 -学校 ' }, { q: '供暖 -学校' }],
  [
    { q: '"拖欠工资"', kind: 'post', offset: '40' },
    { q: '"拖欠工资"', kind: 'post', offset: '40' },
  ],
  [{ q: '路', offset: '-5', colour: 'red' }, { q: '路' }],
  [
    { q: '路', offset: '99999' },
    { q: '路', offset: '2000' },
  ],
])('the address %j comes back as %j', (query, expected) => {
  expect(toLocation(parse(query))).toEqual(expected)
})

it('sets a facet and takes it off again, on the first page', () => {
  const asked = parse({ q: '路', source: '12345热线', offset: '40' })
  const set = withFacet(asked, 'system', '城管')
  expect(toLocation(set)).toEqual({ q: '路', source: '12345热线', system: '城管' })
  expect(toLocation(withFacet(set, 'source', '12345热线'))).toEqual({ q: '路', system: '城管' })
})

it('asks the API for one page', () => {
  expect(toApi(parse({ q: '路', offset: '20' }))).toEqual({ q: '路', limit: '20', offset: '20' })
})

it.each([
  ['2026-10', '2026-10-01', '2026-11-01'],
  ['2026-12', '2026-12-01', '2027-01-01'],
])('the month %s runs from %s to before %s', (month, from, to) => {
  expect(ofMonth(month)).toEqual({ from, to })
})

it('needs words or a facet', () => {
  expect(isAsked(parse({}))).toBe(false)
  expect(isAsked(parse({ order: 'newest' }))).toBe(false)
  expect(isAsked(parse({ kind: 'post' }))).toBe(true)
})

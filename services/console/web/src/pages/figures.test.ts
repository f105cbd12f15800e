import { expect, it } from 'vitest'
import { comparison, inside, isMonth, monthName, monthOf, shiftMonth, shown } from './figures'

it.each([
  [0, '0'],
  [1234567, '1,234,567'],
  [86.54, '86.5'],
  [86.04, '86'],
  [-1200, '-1,200'],
  [null, '—'],
  [Number.NaN, '—'],
])('%s is shown as %s', (value, text) => {
  expect(shown(value)).toBe(text)
})

it.each([
  [{ value: 12, before: 10, unit: '件' }, '上月 10件，增加 2件（+20%）'],
  [{ value: 5, before: 10, unit: '件' }, '上月 10件，减少 5件（−50%）'],
  [{ value: 5, before: 0, unit: '件' }, '上月 0件，增加 5件'],
  [{ value: 5, before: 5, unit: '件' }, '与上月持平'],
  [{ value: 90.5, before: 88, unit: '%' }, '上月 88%，增加 2.5个百分点'],
  [{ value: 5, before: null, unit: '件' }, '上月无数据'],
  [{ value: null, before: 3, unit: '%' }, '上月无数据'],
])('%j compares as %s', (figure, text) => {
  expect(comparison(figure)).toBe(text)
})

it('knows months', () => {
  expect(monthName('2026-03')).toBe('2026年3月')
  expect([isMonth('2026-12'), isMonth('2026-13'), isMonth('2026-1'), isMonth(null)]).toEqual([true, false, false, false])
  expect([shiftMonth('2026-01', -1), shiftMonth('2026-12', 1), shiftMonth('2026-05', -13)]).toEqual(['2025-12', '2027-01', '2025-04'])
  expect(monthOf(new Date('2026-10-31T16:00:00Z'))).toBe('2026-11')
})

it.each([
  ['/matters?from=2026-10-01&to=2026-11-01', true],
  ['/commitments', true],
  ['/mattersx', false],
  ['https://example.cn/matters', false],
  ['//example.cn/matters', false],
  ['javascript:alert(1)', false],
  [undefined, false],
])('a figure linking to %s is followed: %s', (query, followed) => {
  expect(inside(query) !== undefined).toBe(followed)
})

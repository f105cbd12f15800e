import { expect, it } from 'vitest'
import { type Palette, daily, shares, units } from './options'

const palette: Palette = {
  font: 'serif',
  text: '#111',
  line: '#222',
  strong: '#333',
  first: '#444',
  second: '#555',
  good: '#666',
  late: '#777',
  over: '#888',
}
const seriesOf = (options: Record<string, unknown>) => options.series as { name: string; data: unknown[] }[]
const share = (name: string, matters: number, before: number) => ({
  code: name,
  name,
  matters,
  before,
  change: matters - before,
  query: '/matters',
})

it('draws the days as they are in the table', () => {
  const options = daily(
    [
      { date: '2026-10-01', opened: 3, before: 1, query: '' },
      { date: '2026-10-31', opened: 0, before: null, query: '' },
    ],
    palette,
  )
  expect((options.xAxis as { data: string[] }).data).toEqual(['1日', '31日'])
  expect(seriesOf(options).map((one) => one.data)).toEqual([
    [3, 0],
    [1, null],
  ])
})

it('draws shares from the top, twelve at most', () => {
  const rows = Array.from({ length: 20 }, (_, at) => share(`系统${at}`, 20 - at, at))
  const options = shares([...rows.slice(0, 1), share('', 5, 0)], palette)
  expect((options.yAxis as { data: string[] }).data).toEqual(['未定', '系统0'])
  expect(seriesOf(shares(rows, palette))[0]!.data).toHaveLength(12)
})

it('keeps to the policy on styles', () => {
  for (const options of [daily([], palette), shares([], palette), units([], palette)]) {
    expect((options.tooltip as { renderMode: string }).renderMode).toBe('richText')
  }
})

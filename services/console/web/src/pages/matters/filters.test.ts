import { describe, expect, it } from 'vitest'
import { endAfter, firstDay, isFiltered, lastDay, parse, toApi, toLocation } from './filters'

describe('the address of a list of matters', () => {
  it.each([
    [{}, {}],
    [
      { q: ' 供暖 ', state: 'new' },
      { q: '供暖', state: 'new' },
    ],
    [{ state: ['new', 'accepted'] }, { state: 'new,accepted' }],
    [{ q: '', grade: null }, {}],
    [
      { from: '2026-10-01', to: '2026-11-01', cursor: 'a.b' },
      { from: '2026-10-01', to: '2026-11-01', cursor: 'a.b' },
    ],
    [{ responded_late: 'true', count: 'true', limit: '9' }, { responded_late: 'true' }],
  ])('%j comes back as %j', (query, expected) => {
    const asked = parse(query as never)
    expect(toLocation(asked.filters, asked.further, asked.cursor)).toEqual(expected)
  })

  it('is the query of the API but for the rows and the total', () => {
    const asked = parse({ from: '2026-10-01', to: '2026-11-01', responded_in_time: 'true' })
    expect(toApi(asked, 50)).toEqual({ from: '2026-10-01', to: '2026-11-01', responded_in_time: 'true', count: 'true', limit: '50' })
  })

  it('knows when a filter narrows the list', () => {
    expect(isFiltered(parse({ order: 'due' }))).toBe(false)
    expect(isFiltered(parse({ overdue: 'true' }))).toBe(true)
    expect(isFiltered(parse({ responded_late: 'true' }))).toBe(true)
  })

  it.each([
    ['2026-11-01', '2026-10-31'],
    ['2026-03-01T00:00:00+08:00', '2026-02-28'],
    ['', ''],
    [undefined, ''],
  ])('an end of %s shows the last day %s', (to, day) => {
    expect(lastDay(to)).toBe(day)
  })

  it('reads the controls back', () => {
    expect(endAfter('2026-12-31')).toBe('2027-01-01')
    expect(firstDay('2026-10-01T08:00')).toBe('2026-10-01')
    expect(firstDay('昨天')).toBe('')
  })
})

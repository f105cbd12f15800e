import { describe, expect, it } from 'vitest'
import type { QueueRow } from '../api/types'
import { arrange, countViews, fits } from './order'

const NONE = { q: '', grade: '', unit: '' }

function row(no: string, given: Partial<QueueRow> = {}): QueueRow {
  return {
    no,
    decided_version: 1,
    state: 'new',
    title: `事项${no}`,
    source: '市长信箱',
    decision: 'unit',
    grade: 'ordinary',
    grade_confirmed: false,
    danger: false,
    posts: 1,
    received_at: '2026-11-22T01:00:00Z',
    overdue: false,
    ...given,
  }
}

const numbers = (rows: QueueRow[]) => rows.map((each) => each.no).join('')

describe('arrange', () => {
  it('puts danger first, then the grade, then what is due, then what came first', () => {
    const rows = [
      row('a'),
      row('b', { received_at: '2026-11-22T00:00:00Z' }),
      row('c', { due: '2026-11-22T09:00:00Z' }),
      row('d', { due: '2026-11-22T08:00:00.5Z' }),
      row('e', { grade: 'major' }),
      row('f', { grade: 'extreme', due: '2026-11-30T00:00:00Z' }),
      row('g', { danger: true, grade: 'considerable' }),
    ]
    expect(numbers(arrange(rows, 'new', 'duty', NONE))).toBe('gfedcba')
  })

  it('narrows by words, grade and unit', () => {
    const rows = [row('a', { title: '柏桥路路灯不亮' }), row('b', { unit: 'u1', unit_name: '柏桥区城市管理局' }), row('c', { grade: 'major' })]
    expect(numbers(arrange(rows, 'new', 'duty', { ...NONE, q: '柏桥' }))).toBe('ab')
    expect(numbers(arrange(rows, 'new', 'duty', { ...NONE, unit: 'u1' }))).toBe('b')
    expect(numbers(arrange(rows, 'new', 'duty', { ...NONE, grade: 'major' }))).toBe('c')
  })
})

describe('views', () => {
  const claim = { by: 'duty', name: '值班员', since: '2026-11-22T01:00:00Z', until: '2026-11-22T01:30:00Z' }
  it.each<[string, Partial<QueueRow>, string]>([
    ['a new matter', {}, 'new all'],
    ['one of mine', { claim }, 'new mine all'],
    ['one of somebody else', { claim: { ...claim, by: 'other' } }, 'new all'],
    ['one that waits for its unit', { state: 'assigned' }, 'waiting all'],
    ['one past its time', { state: 'accepted', overdue: true }, 'waiting overdue all'],
    ['one that is closed', { state: 'closed', overdue: true }, ''],
  ])('%s', (_, given, expected) => {
    const views = (['new', 'mine', 'waiting', 'overdue', 'all'] as const).filter((view) => fits(row('a', given), view, 'duty'))
    expect(views.join(' ')).toBe(expected)
    expect(countViews([row('a', given)], 'duty').all).toBe(expected ? 1 : 0)
  })
})

import { describe, expect, it } from 'vitest'
import { offered } from './actions'
import { type Subject, initialValues, problemsOf, visibleFields } from './form'
import { ACTIONS } from './specs'

const matter: Subject & { actions: string[] } = {
  no: '20261103-00001',
  state: 'accepted',
  grade: 'ordinary',
  grade_confirmed: false,
  lead: { id: 'a', name: '甲区住建局' },
  suggested: null,
  assignments: [
    { number: 1, unit: { id: 'a', name: '甲区住建局' }, part: 'lead', state: 'accepted' },
    { number: 2, unit: { id: 'b', name: '甲区城管局' }, part: 'assist', state: 'accepted' },
    { number: 3, unit: { id: 'c', name: '甲区水务局' }, part: 'assist', state: 'pending' },
  ],
  commitments: [{ number: 1, text: '月底修好', due: '2026-11-30', kept: null }],
  consultations: [{ number: 1, question: '由谁修', concluded_at: null }],
  deadlines: [
    { kind: 'response', kind_name: '回应', due: '2026-11-05T00:00:00Z', met_at: null },
    { kind: 'sign', kind_name: '签收', assignment: 3, due: '2026-11-03T04:00:00Z', met_at: null },
  ],
  actions: ['respond', 'consult', 'accept', 'extend', 'dismiss'],
}
const spec = (action: string) => ACTIONS.find((one) => one.action === action)!
const filled = (action: string, values: Record<string, string | string[] | boolean>) => ({
  ...initialValues(spec(action), matter),
  ...values,
})

describe('actions', () => {
  it('are those the server allows, with a conclusion while a consultation is open', () => {
    expect(offered(matter).map((one) => one.action)).toEqual(['accept', 'respond', 'consult', 'conclude', 'extend', 'dismiss'])
    expect(offered({ ...matter, actions: [] })).toEqual([])
  })

  it('ask which assignment only when several fit', () => {
    expect(visibleFields(spec('respond'), matter).map((one) => one.key)).toContain('assignment')
    expect(visibleFields(spec('accept'), matter)).toEqual([])
    expect(spec('accept').body(initialValues(spec('accept'), matter), matter)).toEqual({ assignment: undefined })
  })

  it.each([
    ['respond', { text: ' ' }, ['text']],
    ['respond', { text: '已修复', link: 'ftp://x' }, ['link']],
    ['respond', { text: '已修复', link: 'https://example.cn/1' }, []],
    ['dismiss', {}, ['reason']],
    ['consult', { question: '由谁修' }, ['units']],
    ['extend', { due: '2026-11-09T18:00', reason: '需进场' }, []],
    ['verify', { text: '已看' }, ['kept']],
    ['commit', { text: '字'.repeat(20_001), due: '2026-12-01' }, ['text']],
  ])('%s with %j lacks %j', (action, values, keys) => {
    expect(Object.keys(problemsOf(spec(action), matter, filled(action, values)))).toEqual(keys)
  })

  it.each([
    [
      'extend',
      { deadline: 'sign#3', due: '2026-11-09T18:00', reason: '需进场' },
      { deadline: 'sign', assignment: 3, due: '2026-11-09T18:00:00+08:00', reason: '需进场' },
    ],
    [
      'extend',
      { deadline: 'response', due: '2026-11-09T18:00', reason: '需进场' },
      { deadline: 'response', assignment: undefined, due: '2026-11-09T18:00:00+08:00', reason: '需进场' },
    ],
    ['verify', { kept: 'false', text: '未见动工' }, { commitment: 1, kept: false, text: '未见动工' }],
    [
      'respond',
      { assignment: '2', text: ' 已修复 ' },
      { assignment: 2, kind: 'authoritative', channel: 'source', link: undefined, text: '已修复' },
    ],
    ['conclude', { conclusion: '城管局修' }, { consultation: 1, conclusion: '城管局修' }],
  ])('%s sends %j as %j', (action, values, body) => {
    expect(spec(action).body(filled(action, values), matter)).toEqual(body)
  })

  it('lets the duty office itself only acknowledge before anything is assigned', () => {
    const kinds = spec('respond').fields.find((one) => one.key === 'kind')!
    expect(kinds.choices!({ ...matter, lead: null }).map(([value]) => value)).toEqual(['holding'])
  })
})

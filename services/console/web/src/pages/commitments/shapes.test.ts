import { expect, it } from 'vitest'
import { type CommitmentRow, tabOf, whyNot } from './shapes'

const row = {
  matter: '1',
  number: 1,
  owner: 'a',
  due: '2026-11-30',
  overdue: false,
  published: true,
  at: '',
  promised_by: 'lights',
  can_verify: false,
} as CommitmentRow

it.each([
  [{ ...row, can_verify: true }, { name: 'duty', role: 'duty_officer' }, undefined],
  [row, { name: 'lights', role: 'liaison' }, '承诺由值班员、带班领导核查'],
  [row, { name: 'lights', role: 'leader' }, '承诺由您登记，须由他人核查'],
  [row, { name: 'duty', role: 'duty_officer' }, '现在不能核查'],
  [row, null, '承诺由值班员、带班领导核查'],
])('who may check a promise', (given, who, why) => {
  expect(whyNot(given, who)).toBe(why)
})

it('falls back to what is still open', () => {
  expect([tabOf('kept'), tabOf('x'), tabOf(undefined)]).toEqual(['kept', 'open', 'open'])
})

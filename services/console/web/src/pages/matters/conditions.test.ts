import { expect, it } from 'vitest'
import { conditionName } from './conditions'

it.each([
  ['merged', 'false', '不含已合并'],
  ['lead', 'a', '第一责任单位：甲局'],
  ['lead', 'none', '第一责任单位：未交办'],
  ['response', 'in_time,late', '回应：按时回应、超时后回应'],
  ['response', 'overdue,waiting', '回应：超时未回应、尚在时限内'],
  ['signed', 'in_time', '签收：按时签收'],
  ['promise_due_to', '2026-12-01', '承诺到期：2026-11-30 止'],
  ['posted_on', '2026-11-01', '有网帖发布于：2026年11月1日'],
  ['promise', 'broken', '承诺：未落实'],
  ['colour', 'red', 'colour：red'],
])('%s=%s reads %s', (key, value, text) => {
  expect(conditionName(key, value, (id) => (id === 'a' ? '甲局' : id))).toBe(text)
})

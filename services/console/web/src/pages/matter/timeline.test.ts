import { expect, it } from 'vitest'
import { type LedgerEntry, history, unitNames } from './timeline'

const entry = (
  version: number,
  kind: string,
  event: Record<string, unknown>,
  actor: Partial<LedgerEntry['actor']> = {},
  content: LedgerEntry['content'] = null,
): LedgerEntry => ({
  version,
  at: '2026-11-03T00:00:00Z',
  kind,
  kind_name: kind,
  event,
  leaf: '00',
  content,
  actor: { name: 'duty', role: 'duty_officer', ...actor },
})

const roles: Record<string, string> = { machine: '系统', duty_officer: '值班员', leader: '带班领导', liaison: '联络员' }
const named = (name: string, role: string) =>
  role === 'machine' ? '系统' : name.startsWith(roles[role]!) ? name : `${roles[role]} ${name}`

const entries = [
  entry(1, 'opened', { post: { source: '市长信箱' }, unit: 'a', unit_name: '甲区住建局' }, { name: 'huiyin', role: 'machine' }),
  entry(2, 'assigned', { assignment: 1, unit: 'a', unit_name: '甲区住建局', part: 'lead' }),
  entry(3, 'undone', { from: 2, to: 2 }),
  entry(4, 'assigned', { assignment: 2, unit: 'b', unit_name: '甲区城管局', part: 'lead' }),
  entry(5, 'accepted', { assignment: 2 }, { name: '张工', role: 'liaison', unit: 'b' }),
  entry(
    6,
    'responded',
    { assignment: 2, unit: 'b', response: 'final', channel: 'website' },
    { name: '联络员 甲区城管局', role: 'liaison', unit: 'b' },
    { text: '已修复', link: 'https://example.cn/1' },
  ),
  entry(7, 'deadline_passed', { deadline: 'verification', assignment: 2 }, { name: 'huiyin', role: 'machine' }),
  entry(8, 'committed', { owner: 'b', due: '2026-11-30', published: true }, { role: 'leader', name: 'li' }),
]

it('tells the history in sentences', () => {
  const steps = history(entries, unitNames(entries, [{ id: 'c', name: '丙局' }, null]), named)
  expect(steps.map((step) => [step.who, step.facts, step.tone, step.undone])).toEqual([
    ['系统', '来自市长信箱；研判建议：甲区住建局', 'system', false],
    ['值班员 duty', '甲区住建局（第一责任单位）', 'person', true],
    ['值班员 duty', '', 'person', false],
    ['值班员 duty', '甲区城管局（第一责任单位）', 'person', false],
    ['联络员 张工（甲区城管局）', '甲区城管局', 'unit', false],
    ['联络员 甲区城管局', '甲区城管局，最终回应，政府网站', 'unit', false],
    ['系统', '核查报告，甲区城管局', 'late', false],
    ['带班领导 li', '甲区城管局，2026-11-30前完成，已公开', 'promise', false],
  ])
  expect(steps[5]).toMatchObject({ text: '已修复', link: 'https://example.cn/1' })
})

it('tells of a further concern on both sides', () => {
  const first = entry(2, 'further_opened', { system: '医保', matter: '20261103-00002' })
  const second = entry(1, 'opened', { post: { source: '市长信箱' }, beside: '20261103-00001', unit: 'c', unit_name: '甲区医保局' })
  const steps = history([{ ...first, kind_name: '另立事项' }, second], new Map(), named)
  expect(`${steps[0]?.what}：${steps[0]?.facts}`).toBe('另立事项：医保（20261103-00002）')
  expect(steps[1]?.facts).toBe('由事项 20261103-00001 另立；来自市长信箱；研判建议：甲区医保局')
})

it('bears entries of kinds it does not know', () => {
  expect(history([entry(1, 'handed_up', { to: 9 })], new Map(), named)[0]).toMatchObject({ facts: '', undone: false })
})

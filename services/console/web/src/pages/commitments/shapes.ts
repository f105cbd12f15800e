/** Shapes of the commitments routes, and the tabs they are shown under. */
import type { components } from '../../api/schema'

export type CommitmentRow = components['schemas']['CommitmentItem']
export type CommitmentPage = components['schemas']['CommitmentList']

export const TABS = [
  ['open', '待核查'],
  ['overdue', '已逾期'],
  ['kept', '已落实'],
  ['broken', '未落实'],
  ['all', '全部'],
] as const
export type Tab = (typeof TABS)[number][0]

export function tabOf(value: unknown): Tab {
  return TABS.find(([tab]) => tab === value)?.[0] ?? 'open'
}

/** Why the button to check a promise cannot be used; none when it can. */
export function whyNot(row: CommitmentRow, who: { name: string; role?: string | null } | null): string | undefined {
  if (row.can_verify) return undefined
  if (who?.role !== 'duty_officer' && who?.role !== 'leader' && who?.role !== 'duty_leader') return '承诺由值班员、带班领导核查'
  if (who.name === row.promised_by) return '承诺由您登记，须由他人核查'
  return '现在不能核查'
}

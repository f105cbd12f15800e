/** What the forms of several actions share: choices, fields, and how values are read. */
import { GRADES } from '../../composables/format'
import type { ActionField, Choice, Subject, Values } from './form'
import { CHANNELS, STEPS } from './words'

export const GRADE_CHOICES: Choice[] = GRADES.map(({ value, name }) => [value, name])
export const RESPONSE_CHOICES: Choice[] = [
  ['authoritative', '权威回应'],
  ['final', '最终回应'],
  ['holding', '先期回应（已收到，正在核查）'],
]
export const CHANNEL_CHOICES: Choice[] = Object.entries(CHANNELS)
export const STEP_CHOICES: Choice[] = Object.entries(STEPS)

export const text = (values: Values, key: string) => String(values[key] ?? '').trim()
export const optional = (values: Values, key: string) => text(values, key) || undefined
export const number = (values: Values, key: string) => (text(values, key) ? Number(text(values, key)) : undefined)

/** Which assignment it is about; asked only when several fit. */
export function assignmentField(...states: string[]): ActionField {
  const fitting = (matter: Subject) => matter.assignments.filter((one) => states.includes(one.state))
  return {
    key: 'assignment',
    label: '交办单位',
    kind: 'select',
    required: true,
    when: (matter) => fitting(matter).length > 1,
    choices: (matter) =>
      fitting(matter).map((one) => [String(one.number), `${one.unit.name}（${one.part === 'lead' ? '第一责任' : '协同'}）`]),
    initial: (matter) => String(fitting(matter)[0]?.number ?? ''),
  }
}

export const reason = (label: string, help?: string): ActionField => ({
  key: 'reason',
  label,
  kind: 'textarea',
  required: true,
  ...(help ? { help } : {}),
})

export function absorbed(matter: Subject): string[] {
  return matter.absorbed ?? []
}

export function openConsultations(matter: Subject) {
  return matter.consultations.filter((one) => !one.concluded_at)
}

export function pending(matter: Subject) {
  return matter.deadlines.filter((one) => !one.met_at)
}

export function deadlineKey(one: Subject['deadlines'][number]): string {
  return one.assignment == null ? one.kind : `${one.kind}#${one.assignment}`
}

export function deadlineLabel(matter: Subject, one: Subject['deadlines'][number]): string {
  const unit = matter.assignments.find((assignment) => assignment.number === one.assignment)?.unit.name
  return unit ? `${one.kind_name}（${unit}）` : one.kind_name
}

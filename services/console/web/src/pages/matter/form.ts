/** The form of an action: its fields, what they begin with, and what is wrong with them. */

export type FieldKind = 'text' | 'textarea' | 'select' | 'date' | 'datetime' | 'unit' | 'units' | 'checkbox' | 'link'
export type Choice = [value: string, label: string]
export type Values = Record<string, string | string[] | boolean>

export interface ActionField {
  key: string
  label: string
  kind: FieldKind
  required?: boolean
  help?: string
  choices?: (matter: Subject) => Choice[]
  /** Shown only where it means something, such as the assignment when there are several. */
  when?: (matter: Subject) => boolean
  initial?: (matter: Subject) => Values[string]
}

export interface ActionSpec {
  action: string
  title: string
  /** What the button that sends it says. */
  submit: string
  intro?: (matter: Subject) => string
  /** It ends something: shown apart and in the urgent colour. */
  grave?: boolean
  fields: ActionField[]
  body: (values: Values, matter: Subject) => Record<string, unknown>
}

/** The parts of a matter that the forms need. */
export interface Subject {
  no: string
  state: string
  grade: string
  grade_confirmed: boolean
  lead?: { id: string; name: string } | null
  suggested?: { id: string; name: string } | null
  assignments: { number: number; unit: { id: string; name: string }; part: string; state: string }[]
  commitments: { number: number; text?: string | null; due: string; kept?: boolean | null }[]
  consultations: { number: number; question?: string | null; concluded_at?: string | null }[]
  /** Matters merged into this one and not split off since. */
  absorbed?: string[]
  deadlines: { kind: string; kind_name: string; assignment?: number | null; due: string; met_at?: string | null }[]
}

export const TEXT_MAX = 20_000

export function visibleFields(spec: ActionSpec, matter: Subject): ActionField[] {
  return spec.fields.filter((field) => field.when?.(matter) ?? true)
}

export function initialValues(spec: ActionSpec, matter: Subject): Values {
  const values: Values = {}
  for (const field of visibleFields(spec, matter))
    values[field.key] = field.initial?.(matter) ?? (field.kind === 'units' ? [] : field.kind === 'checkbox' ? false : '')
  return values
}

/** What is missing or wrong, by field; empty when it can be sent. */
export function problemsOf(spec: ActionSpec, matter: Subject, values: Values): Record<string, string> {
  const problems: Record<string, string> = {}
  for (const field of visibleFields(spec, matter)) {
    const value = values[field.key]
    const empty = Array.isArray(value) ? value.length === 0 : typeof value === 'boolean' ? false : !String(value ?? '').trim()
    if (field.required && empty) problems[field.key] = `请填写${field.label}`
    else if (typeof value === 'string' && value.length > TEXT_MAX) problems[field.key] = `${field.label}不超过${TEXT_MAX}字`
    else if (field.kind === 'link' && !empty && !/^https?:\/\/\S+$/.test(String(value).trim()))
      problems[field.key] = '链接须以 http:// 或 https:// 开头'
  }
  return problems
}

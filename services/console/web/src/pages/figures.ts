/** A month's figures as the API gives them, and how they read. */
import type { components } from '../api/schema'

type Schemas = components['schemas']

export type Figure = Schemas['Figure']
export type Rate = Schemas['InTimeRate']
export type Day = Schemas['DayFigure']
export type Share = Schemas['Share']
export type UnitRow = Schemas['UnitFigures']
export type MonthFigures = Schemas['MonthFigures']

/** `1,234`, `86.5`; a dash where there is nothing to count. */
export function shown(value: number | null | undefined): string {
  if (value == null || Number.isNaN(value)) return '—'
  const [whole = '', part] = (Number.isInteger(value) ? String(value) : value.toFixed(1)).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return part && part !== '0' ? `${grouped}.${part}` : grouped
}

/** The comparison with the month before, in words: never by colour or arrow alone. */
export function comparison(figure: { value?: number | null; before?: number | null; unit: string }): string {
  const { value, before } = figure
  if (before == null || value == null) return '上月无数据'
  const change = value - before
  if (Math.abs(change) < 0.05) return `与上月持平`
  const word = change > 0 ? '增加' : '减少'
  const points = figure.unit === '%' ? '个百分点' : figure.unit
  const share = figure.unit === '%' || before === 0 ? '' : `（${change > 0 ? '+' : '−'}${shown(Math.abs((change / before) * 100))}%）`
  return `上月 ${shown(before)}${figure.unit}，${word} ${shown(Math.abs(change))}${points}${share}`
}

/** `2026-10` as officials write it. */
export function monthName(month: string): string {
  const [year, number] = month.split('-')
  return year && number ? `${year}年${Number(number)}月` : month
}

export function isMonth(text: unknown): text is string {
  return typeof text === 'string' && /^\d{4}-(0[1-9]|1[0-2])$/.test(text)
}

/** The month `by` months away. */
export function shiftMonth(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const count = year * 12 + (number - 1) + by
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`
}

/** The month of an instant in Beijing. */
export function monthOf(at: Date): string {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 7)
}

/** Only addresses inside the console are followed; anything else a figure might carry is shown without a link. */
export function inside(query: string | null | undefined): string | undefined {
  return query && /^\/(matters|commitments|search)(\?|$)/.test(query) ? query : undefined
}

/** `86.5%`; a dash of nothing. */
export function percent(rate: number | null | undefined): string {
  return rate == null ? '—' : `${(rate * 100).toFixed(1)}%`
}

/** The rate against the month before, in percentage points. */
export function rateComparison(rate: Pick<Rate, 'value' | 'before'>): string {
  const inPercent = (value: number | null | undefined) => (value == null ? null : Math.round(value * 1000) / 10)
  return comparison({ value: inPercent(rate.value), before: inPercent(rate.before), unit: '%' })
}

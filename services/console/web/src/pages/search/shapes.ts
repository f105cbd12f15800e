/** Shapes of the search route. */
import type { components } from '../../api/schema'
import { gradeName, stateName } from '../../composables/format'
import type { Facet } from './query'

export type Hit = components['schemas']['HitView']
export type FacetValue = components['schemas']['FacetValueView']
export type Found = components['schemas']['SearchView']

export const FACET_NAMES: [Facet | 'month', string][] = [
  ['kind', '类别'],
  ['source', '来源'],
  ['place', '属地'],
  ['system', '系统'],
  ['state', '事项状态'],
  ['grade', '等级'],
  ['month', '收到月份'],
]

/** What a value of a facet is called. */
export function facetName(facet: Facet | 'month', value: FacetValue): string {
  if (value.name && value.name !== value.value) return value.name
  if (facet === 'kind') return value.value === 'matter' ? '事项' : value.value === 'post' ? '网帖' : value.value
  if (facet === 'state') return stateName(value.value)
  if (facet === 'grade') return gradeName(value.value)
  if (facet === 'month')
    return /^\d{4}-\d{2}$/.test(value.value) ? `${value.value.slice(0, 4)}年${Number(value.value.slice(5))}月` : value.value
  return value.name || value.value || '未定'
}

import { api, take } from '../api/client'
import type { Unit } from '../api/types'
import { shallowRef } from 'vue'

/** A line of work of the catalogue. */
export interface SystemName {
  code: string
  name: string
}

/** A place of the catalogue. */
export interface PlaceItem {
  code: string
  name: string
  full_name: string
  level: string
  parent?: string | null
}

const names = new Map<string, string>()
const systems = shallowRef<SystemName[]>([])
const places = shallowRef<PlaceItem[]>([])
let asked: Promise<void> | null = null

async function load(): Promise<void> {
  const [systemList, placeList] = await Promise.all([take(api.GET('/api/v1/systems')), take(api.GET('/api/v1/places'))])
  systems.value = systemList.systems
  places.value = placeList.places
}

/** Remembers the name of a unit seen anywhere. */
export function learnUnit(id: string | null | undefined, name: string | null | undefined): void {
  if (id && name) names.set(id, name)
}

/** Name of a unit; its line of work while the name is not known. */
export function unitName(id: string): string {
  return names.get(id) ?? id.replace(/^\d+-/, '')
}

/** Units by name or line of work, those nearest to the place `near` first. */
export async function searchUnits(q: string, near?: string): Promise<Unit[]> {
  const query = { q: q || undefined, near: near || undefined, limit: 50 }
  const { units } = await take(api.GET('/api/v1/units', { params: { query } }))
  for (const unit of units) learnUnit(unit.id, unit.name)
  return units
}

/** Systems and places, fetched once; empty until they came. */
export function useCatalogue() {
  asked ??= load().catch(() => {
    asked = null
  })
  return { systems, places, unitName, searchUnits }
}

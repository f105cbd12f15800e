/** The ledger entries of a matter as sentences of its history (经过). */
import { gradeName } from '../../composables/format'
import { CHANNELS, DEADLINES, JOINED, RESPONSES, STEPS } from './words'

/** One entry as the API gives it. */
export interface LedgerEntry {
  number?: number | null
  version: number
  at: string
  actor: { name: string; role: string; unit?: string | null }
  kind: string
  kind_name: string
  event: Record<string, unknown>
  content?: { title?: string | null; text?: string | null; reason?: string | null; link?: string | null } | null
  leaf: string
}

export type Tone = 'system' | 'person' | 'unit' | 'promise' | 'late'

export interface Step {
  version: number
  at: string
  who: string
  what: string
  facts: string
  text: string
  link?: string
  tone: Tone
  /** Taken back later: shown struck through. */
  undone: boolean
}

/** Shows who acted, from login name and role. */
export type ActorName = (name: string, role: string) => string

export function history(entries: readonly LedgerEntry[], names: ReadonlyMap<string, string>, actorName: ActorName): Step[] {
  const taken = entries
    .filter((entry) => entry.kind === 'undone')
    .map((entry) => [Number(entry.event.from), Number(entry.event.to)] as const)
  return entries.map((entry) => ({
    version: entry.version,
    at: entry.at,
    who: who(entry, names, actorName),
    what: entry.kind_name,
    facts: facts(entry, entries, names),
    text: entry.content?.text ?? entry.content?.reason ?? '',
    ...(entry.content?.link ? { link: entry.content.link } : {}),
    tone: tone(entry),
    undone: taken.some(([from, to]) => entry.version >= from && entry.version <= to),
  }))
}

/** Names of the units that the entries and the matter mention, by id. */
export function unitNames(
  entries: readonly LedgerEntry[],
  named: readonly ({ id: string; name: string } | null | undefined)[],
): Map<string, string> {
  const names = new Map<string, string>()
  for (const { event } of entries) {
    if (typeof event.unit === 'string' && typeof event.unit_name === 'string') names.set(event.unit, event.unit_name)
  }
  for (const one of named) if (one) names.set(one.id, one.name)
  return names
}

function who(entry: LedgerEntry, names: ReadonlyMap<string, string>, actorName: ActorName): string {
  const name = actorName(entry.actor.name, entry.actor.role)
  const unit = entry.actor.unit ? names.get(entry.actor.unit) : undefined
  return unit && !name.includes(unit) ? `${name}（${unit}）` : name
}

function facts(entry: LedgerEntry, entries: readonly LedgerEntry[], names: ReadonlyMap<string, string>): string {
  const { event } = entry
  const word = (key: string) => (typeof event[key] === 'string' ? (event[key] as string) : '')
  const unit = (key: string) => names.get(word(key)) ?? word(key)
  switch (entry.kind) {
    case 'opened': {
      const post = event.post as { source?: string } | undefined
      const proposal = word('unit_name') ? `研判建议：${word('unit_name')}` : '研判建议：未能确定单位，由值班室兜底'
      return [word('beside') && `由事项 ${word('beside')} 另立`, post?.source && `来自${post.source}`, word('follows') && `承接已办结事项 ${word('follows')}`, proposal]
        .filter(Boolean)
        .join('；')
    }
    case 'joined':
      return `${(event.post as { source?: string } | undefined)?.source ?? ''}，${JOINED[word('by')] ?? '同一事项'}`
    case 'suggested': {
      const suggestion = event.suggestion as { unit_name?: string; unit?: string } | undefined
      return suggestion?.unit_name ?? names.get(suggestion?.unit ?? '') ?? suggestion?.unit ?? ''
    }
    case 'graded':
      return gradeName(word('grade'))
    case 'assigned':
      return `${word('unit_name')}（${word('part') === 'lead' ? '第一责任单位' : '协同单位'}）`
    case 'overridden':
    case 'accepted':
    case 'rejected':
      return assignedUnit(Number(event.assignment), entries)
    case 'responded':
      return [unit('unit') || '值班室', RESPONSES[word('response')], CHANNELS[word('channel')]].filter(Boolean).join('，')
    case 'committed':
      return `${unit('owner')}，${word('due')}前完成${event.published === true ? '，已公开' : ''}`
    case 'verified':
      return `第${String(event.commitment)}项承诺${event.kept === true ? '已落实' : '未落实'}`
    case 'acted':
      return [assignedUnit(Number(event.assignment), entries), STEPS[word('step')]].filter(Boolean).join('，')
    case 'consulted': {
      const heard = Array.isArray(event.units) ? (event.units as string[]).map((id) => names.get(id) ?? id).join('、') : ''
      return `${unit('lead')}牵头${heard ? `，${heard}参加` : ''}`
    }
    case 'concluded':
      return `第${String(event.consultation)}次会商`
    case 'extended':
    case 'deadline_passed':
      return [DEADLINES[word('deadline')], assignedUnit(Number(event.assignment), entries)].filter(Boolean).join('，')
    case 'further_opened':
      return `${word('system')}（${word('matter')}）`
    case 'absorbed':
    case 'split_from':
      return word('from')
    case 'merged_into':
      return word('into')
    case 'released':
      return word('to')
    default:
      return ''
  }
}

function assignedUnit(number: number, entries: readonly LedgerEntry[]): string {
  const found = entries.find((entry) => entry.kind === 'assigned' && entry.event.assignment === number)
  return typeof found?.event.unit_name === 'string' ? found.event.unit_name : ''
}

function tone(entry: LedgerEntry): Tone {
  if (entry.kind === 'deadline_passed' || entry.kind === 'rejected') return 'late'
  if (entry.kind === 'committed' || entry.kind === 'verified') return 'promise'
  if (entry.actor.role === 'machine') return 'system'
  return entry.actor.role === 'liaison' ? 'unit' : 'person'
}

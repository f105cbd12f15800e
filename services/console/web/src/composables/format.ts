// How times, grades and states read on the screen. All times are Beijing time.

const SHIFT_MS = 8 * 3600_000

/** Kinds of demand (诉求类型). */
export const DEMANDS = [
  { value: 'help', name: '求助' },
  { value: 'complaint', name: '投诉' },
  { value: 'report', name: '举报' },
  { value: 'inquiry', name: '咨询' },
  { value: 'suggestion', name: '建议' },
  { value: 'praise', name: '表扬' },
] as const

/** Grades from the gravest: word of the API, Chinese, and the level 1–4 that colours it. */
export const GRADES = [
  { value: 'extreme', name: '特别重大', level: 1 },
  { value: 'major', name: '重大', level: 2 },
  { value: 'considerable', name: '较大', level: 3 },
  { value: 'ordinary', name: '一般', level: 4 },
] as const

/** States of a matter: word of the API and Chinese. */
export const STATES = [
  { value: 'new', name: '待研判' },
  { value: 'assigned', name: '待签收' },
  { value: 'accepted', name: '办理中' },
  { value: 'responded', name: '已回应' },
  { value: 'closed', name: '已办结' },
  { value: 'dismissed', name: '不予办理' },
  { value: 'merged', name: '已合并' },
] as const

/** Chinese name of a grade. */
export function gradeName(grade: string): string {
  return GRADES.find((each) => each.value === grade)?.name ?? grade
}

/** Level 1 (gravest) to 4 of a grade. */
export function gradeLevel(grade: string): number {
  return GRADES.find((each) => each.value === grade)?.level ?? 4
}

/** Chinese name of a state. */
export function stateName(state: string): string {
  if (state === 'gone') return '已移出队列'
  return STATES.find((each) => each.value === state)?.name ?? state
}

function beijing(time: string | number): string {
  const stamp = typeof time === 'number' ? time : Date.parse(time)
  return Number.isNaN(stamp) ? '' : new Date(stamp + SHIFT_MS).toISOString()
}

/** `09:05` */
export function clockTime(time: string | number): string {
  return beijing(time).slice(11, 16)
}

/** `2026-11-22` */
export function date(time: string | number): string {
  return beijing(time).slice(0, 10)
}

/** `11月22日 09:05` */
export function dayTime(time: string | number): string {
  const text = beijing(time)
  return text ? `${Number(text.slice(5, 7))}月${Number(text.slice(8, 10))}日 ${text.slice(11, 16)}` : ''
}

/** `2026年11月22日 09:05` */
export function fullTime(time: string | number): string {
  const text = beijing(time)
  return text ? `${text.slice(0, 4)}年${dayTime(time)}` : ''
}

/** `2026年11月22日`, from a date `2026-11-22` or a time. */
export function longDate(time: string): string {
  const text = /^\d{4}-\d{2}-\d{2}$/.test(time) ? time : date(time)
  return text ? `${text.slice(0, 4)}年${Number(text.slice(5, 7))}月${Number(text.slice(8, 10))}日` : ''
}

/** How long something is away: `2天3时`, `1时05分`, `4分`, `30秒`; `spell` has no sign. */
export function spell(milliseconds: number): string {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000)
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (hours >= 48) return `${Math.floor(hours / 24)}天${hours % 24}时`
  if (hours > 0) return `${hours}时${String(minutes % 60).padStart(2, '0')}分`
  return minutes > 0 ? `${minutes}分` : `${seconds}秒`
}

/** What is left until a deadline, and how pressing it is. */
export function remaining(due: string, now: number): { text: string; tone: 'over' | 'hot' | 'ok' } {
  const left = Date.parse(due) - now
  if (left < 0) return { text: `超时 ${spell(left)}`, tone: 'over' }
  return { text: `剩 ${spell(left)}`, tone: left < 3600_000 ? 'hot' : 'ok' }
}

/** `1,234` */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}

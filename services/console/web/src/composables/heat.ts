// How much is spoken of a matter, and of a subject at a place, in words.
import type { Heat, Surge } from '../api/types'

const LEVELS: Record<string, string> = { quiet: '平稳', warm: '升温', hot: '热点' }

/** 平稳, 升温 or 热点. */
export function heatName(level: string): string {
  return LEVELS[level] ?? level
}

/** `近24小时12帖，前24小时3帖；共20帖，来自3个来源` */
export function heatSpelled({ posts, sources, posts_day: day, posts_day_before: before }: Heat): string {
  return `近24小时${day}帖，前24小时${before}帖；共${posts}帖，来自${sources}个来源`
}

/** What a day like it usually has: `约2条`, `不足1条`. */
export function usual(expected: number): string {
  return expected < 1 ? '不足1条' : `约${Math.round(expected)}条`
}

/** `今日` or `昨日`, or the day as `11月20日`. */
export function dayName(day: string, today: string): string {
  const days = (Date.parse(today) - Date.parse(day)) / 86_400_000
  if (days === 0) return '今日'
  if (days === 1) return '昨日'
  return `${Number(day.slice(5, 7))}月${Number(day.slice(8, 10))}日`
}

/** `今日12条，常日约2条` */
export function surgeSpelled({ day, posts, expected }: Surge, today: string): string {
  return `${dayName(day, today)}${posts}条，常日${usual(expected)}`
}

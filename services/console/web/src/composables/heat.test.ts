import { describe, expect, it } from 'vitest'
import type { Surge } from '../api/types'
import { heatName, heatSpelled, surgeSpelled } from './heat'

describe('heat in words', () => {
  it('names the levels, and an unknown one as it is', () => {
    expect(['quiet', 'warm', 'hot', 'x'].map(heatName)).toEqual(['平稳', '升温', '热点', 'x'])
  })

  it('gives every number behind the word', () => {
    const heat = { level: 'hot', posts: 20, sources: 3, posts_day: 12, posts_day_before: 4 }
    expect(heatSpelled(heat)).toBe('近24小时12帖，前24小时4帖；共20帖，来自3个来源')
  })
})

describe('surges in words', () => {
  const surge = (day: string, expected: number) => ({ day, posts: 12, expected }) as Surge
  it.each([
    ['2026-11-22', 2.4, '今日12条，常日约2条'],
    ['2026-11-21', 0.3, '昨日12条，常日不足1条'],
    ['2026-11-01', 1, '11月1日12条，常日约1条'],
  ])('%s', (day, expected, text) => {
    expect(surgeSpelled(surge(day, expected), '2026-11-22')).toBe(text)
  })

  it('knows yesterday over the end of a month', () => {
    expect(surgeSpelled(surge('2026-10-31', 3), '2026-11-01')).toBe('昨日12条，常日约3条')
  })
})

import { describe, expect, it } from 'vitest'
import { findTerms, fromCharacters, joined, pieces } from './marks'

describe('findTerms', () => {
  it.each<[string, string, string[], [number, number][]]>([
    ['every place', '停水三天，又停水', ['停水'], [[0, 2], [6, 8]]],
    ['overlapping terms as one', '老旧小区电梯', ['老旧小区', '小区电梯'], [[0, 6]]],
    ['no empty term', '停水', [''], []],
    ['nothing', '路灯不亮', ['停水'], []],
  ])('finds %s', (_, text, terms, expected) => {
    expect(findTerms(text, terms)).toEqual(expected)
  })
})

describe('fromCharacters', () => {
  it('counts characters, of which some take two units', () => {
    const text = '𠮷祥路停水'
    const [range] = fromCharacters(text, [[3, 5]])
    expect(text.slice(...(range as [number, number]))).toBe('停水')
  })

  it('stays within the text', () => {
    expect(fromCharacters('停水', [[1, 99]])).toEqual([[1, 2]])
  })
})

describe('joined', () => {
  it('orders and joins', () => {
    expect(joined([[4, 6], [0, 2], [2, 3], [5, 5]])).toEqual([[0, 3], [4, 6]])
  })
})

describe('pieces', () => {
  it('keeps the whole text', () => {
    const parts = pieces('小区停水三天', [[2, 4]])
    expect(parts.map((part) => part.text).join('')).toBe('小区停水三天')
    expect(parts.filter((part) => part.marked)).toEqual([{ text: '停水', marked: true }])
  })
})

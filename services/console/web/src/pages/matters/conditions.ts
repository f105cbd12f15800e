/** Conditions that figures of the briefing link to and that have no control of their own, as officials say them. */
import { longDate } from '../../composables/format'
import { lastDay } from './filters'

const PROMPTNESS: Record<string, string> = { in_time: '按时', late: '超时后', overdue: '超时未', waiting: '尚在时限内', none: '无需计时' }
const PROMISES: Record<string, string> = { kept: '已落实', broken: '未落实', open: '未到期', overdue: '逾期待核查' }
const PROPOSALS: Record<string, string> = { confirmed: '采纳研判建议', changed: '改变研判建议' }

/** Names of units, or the id where it is not known. */
export type UnitName = (id: string) => string

/** A condition of the address in words; one this console does not know is shown as it is spelt. */
export function conditionName(key: string, value: string, unitName: UnitName): string {
  switch (key) {
    case 'merged':
      return value === 'false' ? '不含已合并' : '已合并'
    case 'backfill':
      return value === 'true' ? '历史数据补录' : '不含历史数据补录'
    case 'lead':
      return `第一责任单位：${value === 'none' ? '未交办' : unitName(value)}`
    case 'assist':
      return `协同单位：${unitName(value)}`
    case 'place_itself':
      return value === 'none' ? '属地未定' : `属地为本级：${value}`
    case 'response':
      return `回应：${each(value, PROMPTNESS, '回应')}`
    case 'signed':
      return `签收：${each(value, PROMPTNESS, '签收')}`
    case 'promise':
      return `承诺：${PROMISES[value] ?? value}`
    case 'proposal':
      return PROPOSALS[value] ?? value
    case 'posted_on':
      return `有网帖发布于：${longDate(value) || value}`
    case 'promised_from':
      return `承诺作出：${value} 起`
    case 'promised_to':
      return `承诺作出：${lastDay(value) || value} 止`
    case 'promise_due_from':
      return `承诺到期：${value} 起`
    case 'promise_due_to':
      return `承诺到期：${lastDay(value) || value} 止`
    default:
      return `${key}：${value}`
  }
}

/** 按时回应、超时未回应; the words that are no manner of answering stand alone. */
function each(value: string, names: Record<string, string>, what: string): string {
  const words = value
    .split(',')
    .map((word) => (word === 'waiting' || word === 'none' ? names[word] : names[word] ? `${names[word]}${what}` : word))
  return words.join('、')
}

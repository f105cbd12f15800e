/** Places of the console: address, name and the letter after G. */
export const PLACES = [
  { to: '/queue', name: '研判队列', key: 'Q' },
  { to: '/matters', name: '事项库', key: 'M' },
  { to: '/commitments', name: '承诺跟踪', key: 'C' },
  { to: '/search', name: '网帖检索', key: 'S' },
  { to: '/briefings', name: '月度通报', key: 'B' },
  { to: '/statistics', name: '统计分析', key: 'T' },
  { to: '/alerts', name: '预警投递', key: 'A' },
] as const

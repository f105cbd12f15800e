/** What the charts show, as options of ECharts. Every chart stands beside a table of the same numbers. */
import type { Day, Share, UnitRow } from '../figures'

/** Colours of one theme, read from the page's tokens. */
export interface Palette {
  font: string
  text: string
  line: string
  strong: string
  first: string
  second: string
  good: string
  late: string
  over: string
}

export type Options = Record<string, unknown>

/** Bars drawn at most; the table has the rest. */
const BARS_MAX = 12

function base(palette: Palette): Options {
  return {
    animation: false,
    aria: { enabled: true },
    textStyle: { color: palette.text, fontFamily: palette.font },
    tooltip: { trigger: 'axis', renderMode: 'richText', axisPointer: { type: 'shadow' } },
    legend: { top: 0, right: 8, textStyle: { color: palette.text, fontFamily: palette.font } },
  }
}

const axisLook = (palette: Palette) => ({
  axisLabel: { color: palette.text },
  axisLine: { lineStyle: { color: palette.strong } },
  splitLine: { lineStyle: { color: palette.line } },
})

/** Matters opened day by day, with the month before. */
export function daily(days: readonly Day[], palette: Palette): Options {
  return {
    ...base(palette),
    grid: { left: 40, right: 12, top: 36, bottom: 28 },
    xAxis: { type: 'category', data: days.map((day) => `${Number(day.date.slice(8))}日`), ...axisLook(palette) },
    yAxis: { type: 'value', minInterval: 1, ...axisLook(palette) },
    series: [
      { name: '本月', type: 'bar', data: days.map((day) => day.opened), itemStyle: { color: palette.first } },
      {
        name: '上月同日',
        type: 'line',
        data: days.map((day) => day.before ?? null),
        itemStyle: { color: palette.second },
        lineStyle: { color: palette.second, type: 'dashed' },
        symbol: 'circle',
        symbolSize: 5,
      },
    ],
  }
}

/** Shares as lying bars with the month before, most first. */
export function shares(all: readonly Share[], palette: Palette): Options {
  const rows = all.slice(0, BARS_MAX).reverse()
  return {
    ...base(palette),
    grid: { left: 8, right: 24, top: 36, bottom: 8, containLabel: true },
    xAxis: { type: 'value', minInterval: 1, ...axisLook(palette) },
    yAxis: {
      type: 'category',
      data: rows.map((row) => row.name || '未定'),
      ...axisLook(palette),
      axisLabel: { color: palette.text, width: 150, overflow: 'truncate' },
    },
    series: [
      {
        name: '本月',
        type: 'bar',
        data: rows.map((row) => row.matters),
        itemStyle: { color: palette.first },
        label: { show: true, position: 'right', color: palette.text },
      },
      { name: '上月', type: 'bar', data: rows.map((row) => row.before), itemStyle: { color: palette.second } },
    ],
  }
}

/** How units answered, as stacked bars. */
export function units(all: readonly UnitRow[], palette: Palette): Options {
  const rows = all.slice(0, BARS_MAX).reverse()
  const part = (name: string, key: 'in_time' | 'late' | 'overdue' | 'waiting', color: string) => ({
    name,
    type: 'bar',
    stack: 'all',
    data: rows.map((row) => row[key]),
    itemStyle: { color },
  })
  return {
    ...base(palette),
    grid: { left: 8, right: 24, top: 36, bottom: 8, containLabel: true },
    xAxis: { type: 'value', minInterval: 1, ...axisLook(palette) },
    yAxis: {
      type: 'category',
      data: rows.map((row) => row.name),
      ...axisLook(palette),
      axisLabel: { color: palette.text, width: 190, overflow: 'truncate' },
    },
    series: [
      part('按时回应', 'in_time', palette.good),
      part('超时回应', 'late', palette.late),
      part('超时未回应', 'overdue', palette.over),
      part('尚在时限内', 'waiting', palette.second),
    ],
  }
}

/** Height of a chart of lying bars, in pixels. */
export const barsHeight = (rows: number) => 60 + Math.min(rows, BARS_MAX) * 30

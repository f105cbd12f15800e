/** The parts of ECharts that the charts need; a chunk of its own, loaded with the first chart. */
import { BarChart, LineChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer])

/** A chart in this element, drawn as SVG: canvas needs no policy either, but does not print sharply. */
export const draw = (element: HTMLElement) => init(element, undefined, { renderer: 'svg', locale: 'ZH' })

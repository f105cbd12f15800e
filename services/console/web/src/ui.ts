// Every Element Plus component the console uses, in one place: scripts are tree-shaken, styles are per component.
import { ElButton, ElConfigProvider, ElSwitch } from 'element-plus'
import 'element-plus/theme-chalk/base.css'
import 'element-plus/theme-chalk/dark/css-vars.css'
import 'element-plus/theme-chalk/el-button.css'
import 'element-plus/theme-chalk/el-switch.css'
import type { App, Component } from 'vue'

const components: Record<string, Component> = { ElButton, ElConfigProvider, ElSwitch }

export const ui = {
  install(app: App): void {
    for (const [name, component] of Object.entries(components)) app.component(name, component)
  },
}

/// <reference types="vite/client" />
import type { ElButton, ElConfigProvider, ElSwitch } from 'element-plus'

declare module 'vue' {
  interface GlobalComponents {
    ElButton: typeof ElButton
    ElConfigProvider: typeof ElConfigProvider
    ElSwitch: typeof ElSwitch
  }
}

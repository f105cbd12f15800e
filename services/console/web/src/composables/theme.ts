import { ref, watch } from 'vue'
import { remembered } from './remembered'

/** Dark theme is on. `public/theme.js` applies the same key before the first paint. */
export const dark = ref(document.documentElement.classList.contains('dark'))

/** Rows of 40 px in place of 64. */
export const compact = remembered('huiyin.compact', false)

/** Changes between light and dark and remembers it. */
export function toggleDark(): void {
  dark.value = !dark.value
  try {
    localStorage.setItem('huiyin.theme', dark.value ? 'dark' : 'light')
  } catch {
    // Storage may be forbidden by policy; the choice then lasts until the page is left.
  }
}

watch(dark, (on) => document.documentElement.classList.toggle('dark', on))

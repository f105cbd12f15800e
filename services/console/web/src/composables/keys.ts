// Single-key shortcuts by physical key (`event.code`), so that they work with a Chinese input method on. Never inside a
// field (and so never while composing), in a dialog or with a modifier; they can be switched off (WCAG 2.1.4).
import { onActivated, onBeforeUnmount, onDeactivated, onMounted } from 'vue'
import { remembered } from './remembered'

/** Keys by code, `S-` before it for Shift: `KeyC`, `S-KeyJ`, `Digit1`, `Period`, `Slash`, `S-Slash`, `Enter`. A handler that answers false did not want it. */
export type KeyMap = Record<string, (event: KeyboardEvent) => unknown>

/** Whether single keys act. */
export const keysOn = remembered('huiyin.keys', true)

const FIELDS = 'input:not([type=checkbox]):not([type=radio]),textarea,select,[contenteditable=true]'
const ELSEWHERE = '[role=dialog],[role=alertdialog],[role=listbox],[role=menu],[role=tree],dialog'
const ENTERING = new Set(['Enter', 'NumpadEnter', 'Space'])
const STARTERS = 'a,button,summary,[role=button],[role=tab]'

/** The name of a pressed key in a map; null when it must be left alone. */
export function keyName(event: KeyboardEvent): string | null {
  // An input method that is on names every key `Process`, code 229, outside of fields too: there the key is meant for us.
  if (event.defaultPrevented || event.isComposing) return null
  if (event.ctrlKey || event.metaKey || event.altKey) return null
  const target = event.target as Element | null
  if (document.querySelector('dialog[open]')) return null
  if (target?.closest?.(FIELDS) || target?.closest?.(ELSEWHERE)) return null
  if (ENTERING.has(event.code) && target?.closest?.(STARTERS)) return null
  // `?` is Shift and slash on some keyboards and not on others.
  if (event.key === '?') return 'S-Slash'
  return (event.shiftKey ? 'S-' : '') + event.code
}

/** Keys that move focus or leave something act even when single letters are off. */
const ALWAYS = new Set(['Escape', 'Enter', 'NumpadEnter', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown'])

/** Keys that act again while held down; a decision never does. */
const MOVES = new Set(['KeyJ', 'KeyK', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown'])

const maps: KeyMap[] = []
let prefix: { map: KeyMap; until: number } | null = null
/** When the key now handled was pressed: a busy machine may come to it late. */
let pressedAt = 0

/** Takes the next key from `map` in place of all others, for a second and a half. */
export function awaitKey(map: KeyMap): void {
  prefix = { map, until: pressedAt + 1500 }
}

/** Runs what the maps say for a key; the one added last goes first. */
export function press(event: KeyboardEvent): void {
  const name = keyName(event)
  if (name === null) return
  if (!keysOn.value && !ALWAYS.has(event.code)) return
  if (event.repeat && !MOVES.has(event.code)) return
  pressedAt = event.timeStamp
  const waiting = prefix
  prefix = null
  const asked = waiting && pressedAt < waiting.until ? waiting.map[name] : undefined
  const handler = asked ?? [...maps].reverse().find((map) => map[name])?.[name]
  if (handler && handler(event) !== false) event.preventDefault()
}

/** Adds keys; the function it returns removes them. */
export function addKeys(map: KeyMap): () => void {
  if (maps.length === 0) document.addEventListener('keydown', press)
  maps.push(map)
  return () => {
    const index = maps.indexOf(map)
    if (index >= 0) maps.splice(index, 1)
    if (maps.length === 0) document.removeEventListener('keydown', press)
  }
}

/** Adds keys for as long as the component is shown. */
export function useKeys(map: KeyMap): void {
  let remove: (() => void) | null = null
  const on = () => (remove ??= addKeys(map))
  const off = () => {
    remove?.()
    remove = null
  }
  onMounted(on)
  onActivated(on)
  onDeactivated(off)
  onBeforeUnmount(off)
}

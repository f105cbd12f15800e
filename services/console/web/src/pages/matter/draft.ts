/** What was typed for an action and not sent yet, kept for this tab until it is sent or discarded. */
import type { Values } from './form'

const key = (no: string, action: string) => `huiyin.draft.${no}.${action}`

export function draftOf(no: string, action: string): Values | null {
  try {
    const stored = sessionStorage.getItem(key(no, action))
    return stored === null ? null : (JSON.parse(stored) as Values)
  } catch {
    return null
  }
}

export function keepDraft(no: string, action: string, values: Values): void {
  try {
    sessionStorage.setItem(key(no, action), JSON.stringify(values))
  } catch {
    // Storage may be full or forbidden by policy; the text then lasts until the dialog is closed.
  }
}

export function dropDraft(no: string, action: string): void {
  try {
    sessionStorage.removeItem(key(no, action))
  } catch {
    // As above: there is nothing stored then.
  }
}

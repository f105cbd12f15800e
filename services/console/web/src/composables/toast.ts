import { shallowRef } from 'vue'

/** What a toast offers beside its text. */
export interface ToastAction {
  label: string
  /** Key shown beside the label. */
  key?: string
  run: () => void
}

/** A short message at the bottom left. */
export interface Toast {
  id: number
  text: string
  tone: 'plain' | 'good' | 'bad'
  action?: ToastAction
  /** Server time in milliseconds until which it counts down; none for one without a bar. */
  until?: number
  /** When the time began, for the length of the bar. */
  since?: number
}

/** The toast that shows; at most one. */
export const toast = shallowRef<Toast | null>(null)

let next = 1
let timer: ReturnType<typeof setTimeout> | undefined

/** Shows a message; failures stay until dismissed, others for `milliseconds`. Gives its id. */
export function showToast(message: Omit<Toast, 'id' | 'tone'> & { tone?: Toast['tone'] }, milliseconds = 6000): number {
  clearTimeout(timer)
  const id = next++
  toast.value = { tone: 'plain', ...message, id }
  if (message.tone !== 'bad') timer = setTimeout(() => hideToast(id), milliseconds)
  return id
}

/** Takes a message away, when it still shows. */
export function hideToast(id?: number): void {
  if (id !== undefined && toast.value?.id !== id) return
  clearTimeout(timer)
  toast.value = null
}

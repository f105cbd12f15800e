import { ref, watch, type Ref } from 'vue'

/** A ref that this browser remembers; just a ref where storage is forbidden. */
export function remembered<T>(key: string, initial: T): Ref<T> {
  const value = ref(read(key, initial)) as Ref<T>
  watch(value, (next) => {
    try {
      localStorage.setItem(key, JSON.stringify(next))
    } catch {
      // Storage may be full or forbidden by policy; the value then lasts until the page is left.
    }
  })
  return value
}

function read<T>(key: string, initial: T): T {
  try {
    const stored = localStorage.getItem(key)
    return stored === null ? initial : (JSON.parse(stored) as T)
  } catch {
    return initial
  }
}

import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { Problem } from '../api/problem'

/** Something fetched: what it is, whether it is under way, and what went wrong. */
export interface Loaded<T> {
  data: ShallowRef<T | null>
  /** Under way; the data before it stay. */
  loading: Ref<boolean>
  problem: ShallowRef<Problem | null>
  /** Fetches (again); an answer that comes after a later call is dropped. */
  reload: () => Promise<void>
}

/** Fetches by `fetcher`, first when `reload` is called. The signal fires when the answer is no longer wanted. */
export function useLoad<T>(fetcher: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const data = shallowRef<T | null>(null)
  const loading = ref(false)
  const problem = shallowRef<Problem | null>(null)
  let current: AbortController | null = null

  async function reload(): Promise<void> {
    current?.abort()
    const mine = new AbortController()
    current = mine
    loading.value = true
    try {
      const answer = await fetcher(mine.signal)
      if (current !== mine) return
      data.value = answer
      problem.value = null
    } catch (error) {
      if (current === mine) problem.value = Problem.unreachable(error)
    } finally {
      if (current === mine) loading.value = false
    }
  }

  onScopeDispose(() => {
    current?.abort()
    current = null
  })
  return { data, loading, problem, reload }
}

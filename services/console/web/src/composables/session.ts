import { computed, ref, shallowRef } from 'vue'
import { api, take } from '../api/client'
import { Problem } from '../api/problem'
import type { Me } from '../api/types'
import { syncClock } from './clock'

/** Who is logged in; null before it is known, or when nobody is. */
export const me = shallowRef<Me | null>(null)

/** The login ran out while somebody was at work: the dialog shows. */
export const expired = ref(false)

/** Whether the person may decide on matters in the queue. */
export const decides = computed(() => me.value?.role === 'duty_officer' || me.value?.role === 'leader' || me.value?.role === 'duty_leader')

/** How often somebody has logged in on this page: what was sent before the last time was answered for an older login. */
let logins = 0

export function loginCount(): number {
  return logins
}

let waiting: ((renewed: boolean) => void)[] = []
let afterLogin: (() => void)[] = []

/** Called after every login, the renewed included: live connections open anew. */
export function onLogin(then: () => void): void {
  afterLogin.push(then)
}

/** Asks for the password in a dialog; true once logged in again as the same person. */
export function renewLogin(): Promise<boolean> {
  if (!me.value) return Promise.resolve(false)
  expired.value = true
  return new Promise((resolve) => waiting.push(resolve))
}

/** Closes the dialog; whoever waited goes on or gives up. */
export function settleLogin(renewed: boolean): void {
  expired.value = false
  const all = waiting
  waiting = []
  for (const resolve of all) resolve(renewed)
}

/** Finds out who is logged in; null when nobody is. Other failures throw. */
export async function loadMe(): Promise<Me | null> {
  try {
    enter(await take(api.GET('/api/v1/me')))
  } catch (error) {
    if (error instanceof Problem && error.status === 401) me.value = null
    else throw error
  }
  return me.value
}

/** Logs in; throws a `Problem` when the name or password is wrong. */
export async function login(name: string, password: string): Promise<void> {
  await take(api.POST('/api/v1/login', { body: { name, password } }))
  logins += 1
  enter(await take(api.GET('/api/v1/me')))
  for (const then of afterLogin) then()
}

/** Logs out and forgets who it was, even when the service cannot be reached. */
export async function logout(): Promise<void> {
  await take(api.POST('/api/v1/logout')).catch(() => undefined)
  me.value = null
}

function enter(who: Me): void {
  me.value = who
  syncClock(who.server_time, true)
}

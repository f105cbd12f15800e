// 另立事项: a further concern of the first post becomes a matter of its own, which waits among the new ones.
import { computed, ref } from 'vue'
import { api, deciding, take } from '../api/client'
import { newKey } from '../api/key'
import { Problem } from '../api/problem'
import type { Matter } from '../api/types'
import { showToast } from '../composables/toast'
import { lookAgain, refuse } from './actions'
import { concernsOf, nextConcern } from './concerns'
import { detail, updateDetail } from './detail'
import { current, learn } from './store'

/** Matters of which a further concern is being opened. */
const underWay = ref<ReadonlySet<string>>(new Set())

export const firstPost = computed(() => {
  const found = detail.value
  return found?.posts.find((post) => post.id === found.matter.first_post.id) ?? found?.posts[0]
})
/** Further concerns of the matter on the right side. */
export const concerns = computed(() => (detail.value ? concernsOf(detail.value.matter, firstPost.value) : []))
export const opening = computed(() => underWay.value.has(detail.value?.matter.no ?? ''))

function setUnderWay(no: string, on: boolean): void {
  const next = new Set(underWay.value)
  if (on) next.add(no)
  else next.delete(no)
  underWay.value = next
}

/** Opens the further concern of `system`; without one, the first that is not opened yet. */
export async function openFurther(system?: string): Promise<void> {
  const matter = detail.value?.matter
  if (!matter || matter.no !== current.value) return void showToast({ text: '事项正在载入，请看到原帖后再按 F。' })
  const chosen = system ?? nextConcern(concerns.value)?.system
  if (chosen) return send(matter, chosen, newKey())
  const opened = concerns.value.some((each) => each.no)
  showToast({ text: opened ? '首帖另有的诉求均已另立事项。' : '首帖没有可以另立的诉求。' })
}

async function send(matter: Matter, system: string, key: string): Promise<void> {
  const { no } = matter
  // Pressed again before the answer is there, F would open the next one.
  if (underWay.value.has(no)) return
  refuse(no, null)
  setUnderWay(no, true)
  try {
    const params = { path: { no }, header: deciding(matter.decided_version, key) }
    const opened = await take(api.POST('/api/v1/matters/{no}/further', { params, body: { system } }))
    learn(opened)
    updateDetail({ ...latest(matter), further: [...latest(matter).further, { system, no: opened.no }] })
    showToast({ text: `已另立事项 ${opened.no}：${opened.title ?? system}`, tone: 'good' })
  } catch (error) {
    const problem = Problem.unreachable(error)
    // The key stays: when the first request did arrive after all, the repeat changes nothing.
    const again = () => void send(latest(matter), system, problem.mayRetry ? key : newKey())
    refuse(no, { problem, again })
    showToast({ text: `“${system}”未能另立事项：${problem.detail}`, tone: 'bad', action: problem.mayRetry ? { label: '重试', run: again } : undefined })
    // A colleague may have opened it: then the screen shows their matter.
    if (!problem.mayRetry) await lookAgain(no)
  } finally {
    setUnderWay(no, false)
  }
}

/** The matter as the screen has it by now. */
function latest(matter: Matter): Matter {
  return detail.value?.matter.no === matter.no ? detail.value.matter : matter
}

import { beforeEach, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import { Problem } from '../api/problem'
import type { Matter, Post } from '../api/types'
import { concernsOf, nextConcern } from './concerns'

const POST = vi.fn()
const told: string[] = []
const shown = ref<{ matter: Matter; posts: Post[] } | null>(null)
const current = ref('a')
const learn = vi.fn()
const refuse = vi.fn()
const lookAgain = vi.fn(() => Promise.resolve())

vi.mock('../api/client', () => ({
  api: { POST },
  deciding: (version: number, key: string) => ({ 'If-Match': `"${version}"`, 'Idempotency-Key': key }),
  take: (answer: Promise<unknown>) => answer,
}))
vi.mock('../api/key', () => ({ newKey: () => 'k' }))
vi.mock('../composables/toast', () => ({ showToast: ({ text }: { text: string }) => told.push(text) }))
vi.mock('./actions', () => ({ refuse, lookAgain }))
vi.mock('./store', () => ({ current, learn }))
vi.mock('./detail', () => ({
  detail: shown,
  updateDetail: (matter: Matter) => (shown.value = { ...shown.value!, matter }),
}))

const matter = (given: Partial<Matter> = {}): Matter =>
  ({ no: 'a', decided_version: 3, first_post: { source: '信箱', id: '1' }, further: [], ended_at: null, ...given }) as Matter
const further = [
  { system: '医保', unit: 'u', unit_name: '东湖区医疗保障局', terms: ['医保'] },
  { system: '人社', unit: '', unit_name: '', terms: ['退休'] },
]
const post = { source: '信箱', id: '1', assessment: { further } } as unknown as Post

beforeEach(() => {
  POST.mockReset()
  refuse.mockReset()
  told.length = 0
  current.value = 'a'
  shown.value = { matter: matter(), posts: [post] }
})

it('offers what the first post asks beside, once, while the matter is open', () => {
  const names = (given: Partial<Matter>, of = post) => concernsOf(matter(given), of).map((each) => `${each.name} ${each.no ?? each.open}`)
  expect(names({})).toEqual(['东湖区医疗保障局 true', '人社 true'])
  expect(names({ further: [{ system: '医保', no: 'b' }] })).toEqual(['东湖区医疗保障局 b', '人社 true'])
  expect(names({ ended_at: '2026-11-22T01:00:00Z' })).toEqual(['东湖区医疗保障局 false', '人社 false'])
  expect(names({}, { ...post, id: '2' } as Post)).toEqual(['东湖区医疗保障局 false', '人社 false'])
  expect(nextConcern(concernsOf(matter({ further: [{ system: '医保', no: 'b' }] }), post))?.system).toBe('人社')
})

it('opens one after the other, and not two by a key pressed twice', async () => {
  const { openFurther } = await import('./further')
  let answer: (opened: unknown) => void = () => undefined
  POST.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)))
  const first = openFurther()
  await openFurther()
  expect(POST).toHaveBeenCalledOnce()
  expect(POST.mock.calls[0]).toEqual([
    '/api/v1/matters/{no}/further',
    { params: { path: { no: 'a' }, header: { 'If-Match': '"3"', 'Idempotency-Key': 'k' } }, body: { system: '医保' } },
  ])
  answer({ no: 'b', title: '异地医保怎么报销' })
  await first
  expect(learn).toHaveBeenCalledWith({ no: 'b', title: '异地医保怎么报销' })
  expect(told).toEqual(['已另立事项 b：异地医保怎么报销'])

  POST.mockResolvedValueOnce({ no: 'c', title: null })
  await openFurther()
  expect(POST.mock.lastCall?.[1].body).toEqual({ system: '人社' })
  expect(shown.value?.matter.further).toEqual([
    { system: '医保', no: 'b' },
    { system: '人社', no: 'c' },
  ])
  await openFurther()
  expect(told.at(-1)).toBe('首帖另有的诉求均已另立事项。')
  expect(POST).toHaveBeenCalledTimes(2)
})

it('shows a refusal beside the matter and looks at what a colleague did', async () => {
  const { openFurther } = await import('./further')
  POST.mockRejectedValueOnce(new Problem(422, 'invalid', '内容有误', 'system：“医保”已另立事项 b'))
  await openFurther('医保')
  expect(refuse).toHaveBeenLastCalledWith('a', expect.objectContaining({ problem: expect.objectContaining({ status: 422 }) }))
  expect(lookAgain).toHaveBeenCalledWith('a')
  expect(told[0]).toContain('未能另立事项')
})

it('waits for the matter to be on the screen', async () => {
  const { openFurther } = await import('./further')
  current.value = 'z'
  await openFurther()
  expect(POST).not.toHaveBeenCalled()
})

import type { components } from './schema'

/** Body of an error answer, `application/problem+json`. */
export type ProblemBody = components['schemas']['Problem']

/** Who did what to a matter, as the answer to a conflict names it. */
export type LastChange = components['schemas']['LastChange']

/** A request that did not succeed. `title` and `detail` are Chinese and fit to be shown. */
export class Problem extends Error {
  /** HTTP status; 0 when no answer came. */
  readonly status: number
  /** Stable word for programs: the service's `code`, or `network`, `timeout`, `unreadable`. */
  readonly code: string
  readonly title: string
  readonly detail: string
  /** The whole body, where the service sent one. */
  readonly body?: ProblemBody

  constructor(status: number, code: string, title: string, detail: string, body?: ProblemBody) {
    super(`${title}：${detail}`)
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.title = title
    this.detail = detail
    this.body = body
  }

  /** Somebody changed the matter meanwhile, or its state does not allow the action any more. */
  get isConflict(): boolean {
    return this.status === 409
  }

  /** Whether the same request may succeed later. */
  get mayRetry(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }

  /** Who did what last, when the service said so. */
  get lastChange(): LastChange | undefined {
    return this.body?.last_change ?? undefined
  }

  /** The problem an answer describes. */
  static of(status: number, body: unknown): Problem {
    if (isBody(body)) return new Problem(status, body.code, body.title, body.detail, body)
    if (status === 502 || status === 503 || status === 504) {
      return new Problem(status, 'unavailable', '服务暂不可用', '服务正在启动或维护，请稍后重试。')
    }
    return new Problem(status, 'unreadable', '请求未成功', `服务返回了无法识别的内容（状态 ${status}），请重试；仍不成功请联系系统管理员。`)
  }

  /** The problem of a request that got no answer. */
  static unreachable(error: unknown): Problem {
    if (error instanceof Problem) return error
    if (error instanceof DOMException && error.name === 'AbortError') {
      return new Problem(0, 'timeout', '服务没有及时答复', '等待超过 30 秒。请检查网络后重试。')
    }
    return new Problem(0, 'network', '无法连接服务', '网络中断或服务未启动。请检查网络后重试，已填写的内容会保留。')
  }
}

function isBody(body: unknown): body is ProblemBody {
  const given = body as Partial<ProblemBody> | null
  return typeof given === 'object' && given !== null && typeof given.code === 'string' && typeof given.detail === 'string'
}

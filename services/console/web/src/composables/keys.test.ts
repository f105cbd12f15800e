import { beforeAll, describe, expect, it, vi } from 'vitest'

/** What a browser would give, as far as the keys look at it. */
interface Press {
  code: string
  key?: string
  shiftKey?: boolean
  ctrlKey?: boolean
  isComposing?: boolean
  keyCode?: number
  repeat?: boolean
  /** Selectors of what the target stands in. */
  within?: string[]
}

const listeners: ((event: unknown) => void)[] = []
let dialogOpen = false
let keys: typeof import('./keys')

beforeAll(async () => {
  keys = await import('./keys')
  vi.stubGlobal('document', {
    addEventListener: (_: string, listener: (event: unknown) => void) => listeners.push(listener),
    removeEventListener: () => undefined,
    querySelector: () => (dialogOpen ? {} : null),
  })
})

function press({ within = [], ...given }: Press): boolean {
  let prevented = false
  const target = { closest: (selector: string) => (within.some((each) => selector.includes(each)) ? {} : null) }
  const none = { key: '', shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, keyCode: 0, timeStamp: 0, repeat: false }
  const event = { ...none, ...given, target, defaultPrevented: false, preventDefault: () => (prevented = true) }
  keys.press(event as unknown as KeyboardEvent)
  return prevented
}

describe('keys', () => {
  it('act by physical key, with an input method on', () => {
    const confirm = vi.fn()
    const remove = keys.addKeys({ KeyC: confirm })
    expect(press({ code: 'KeyC', key: 'Process', keyCode: 229 })).toBe(true)
    expect(confirm).toHaveBeenCalledOnce()
    remove()
  })

  it.each<[string, Press]>([
    ['in a field', { code: 'KeyC', within: ['textarea'] }],
    ['while composing', { code: 'KeyC', isComposing: true, within: ['input'] }],
    ['with Ctrl', { code: 'KeyC', ctrlKey: true }],
    ['in a dialog', { code: 'KeyC', within: ['dialog'] }],
    ['held down', { code: 'KeyC', repeat: true }],
    ['with another key', { code: 'KeyV' }],
    ['Enter on a button', { code: 'Enter', within: ['button'] }],
  ])('are left alone %s', (_, given) => {
    const confirm = vi.fn()
    const remove = keys.addKeys({ KeyC: confirm, Enter: confirm })
    expect(press(given)).toBe(false)
    expect(confirm).not.toHaveBeenCalled()
    remove()
  })

  it('rest while a dialog is open, wherever the focus is', () => {
    const confirm = vi.fn()
    const remove = keys.addKeys({ KeyC: confirm })
    dialogOpen = true
    press({ code: 'KeyC' })
    dialogOpen = false
    expect(confirm).not.toHaveBeenCalled()
    remove()
  })

  it('can be switched off, all but those that move', () => {
    const act = vi.fn()
    const remove = keys.addKeys({ KeyC: act, ArrowDown: act })
    keys.keysOn.value = false
    press({ code: 'KeyC' })
    expect(act).not.toHaveBeenCalled()
    press({ code: 'ArrowDown' })
    expect(act).toHaveBeenCalledOnce()
    keys.keysOn.value = true
    remove()
  })

  it('after G go somewhere in place of acting', () => {
    const go = vi.fn()
    const confirm = vi.fn()
    const remove = keys.addKeys({ KeyG: () => keys.awaitKey({ KeyC: go }), KeyC: confirm })
    press({ code: 'KeyG' })
    press({ code: 'KeyC' })
    expect([go.mock.calls.length, confirm.mock.calls.length]).toEqual([1, 0])
    press({ code: 'KeyC' })
    expect([go.mock.calls.length, confirm.mock.calls.length]).toEqual([1, 1])
    remove()
  })

  it('move on while held down', () => {
    const move = vi.fn()
    const remove = keys.addKeys({ KeyJ: move })
    press({ code: 'KeyJ', repeat: true })
    expect(move).toHaveBeenCalledOnce()
    remove()
  })

  it('know a question mark however it is typed', () => {
    const help = vi.fn()
    const remove = keys.addKeys({ 'S-Slash': help })
    press({ code: 'Slash', key: '?', shiftKey: true })
    press({ code: 'Slash', key: '?' })
    expect(help).toHaveBeenCalledTimes(2)
    remove()
  })
})

import { ref } from 'vue'

/** Wait after the first change, so that a burst is fetched at once. */
const GATHER_MS = 600

/** Gathers numbers of changed matters and hands them over in batches, one batch at a time. */
export class Changes {
  /** Matters held back while paused. */
  readonly held = ref(0)
  private gathered = new Set<string>()
  private kept = new Set<string>()
  private timer: ReturnType<typeof setTimeout> | undefined
  private busy = false

  constructor(private readonly handle: (changed: string[]) => Promise<void>) {}

  add(no: string): void {
    this.gathered.add(no)
    this.schedule()
  }

  /** Keeps them until `release`. */
  hold(changed: readonly string[]): void {
    for (const no of changed) this.kept.add(no)
    this.held.value = this.kept.size
  }

  release(): void {
    for (const no of this.kept) this.gathered.add(no)
    this.kept.clear()
    this.held.value = 0
    this.schedule()
  }

  private schedule(): void {
    if (this.timer !== undefined || this.busy || this.gathered.size === 0) return
    this.timer = setTimeout(() => void this.flush(), GATHER_MS)
  }

  private async flush(): Promise<void> {
    this.timer = undefined
    const batch = [...this.gathered]
    this.gathered.clear()
    this.busy = true
    try {
      await this.handle(batch)
    } finally {
      this.busy = false
      this.schedule()
    }
  }
}

// The officer's work in the queue: what the keys and buttons start, and the dialogs they open.
import { computed, ref, shallowRef } from 'vue'
import { newKey } from '../api/key'
import type { QueueRow } from '../api/types'
import type { Problem } from '../api/problem'
import { decides } from '../composables/session'
import { showToast } from '../composables/toast'
import { decide, undo, type Decision } from './actions'
import { startBulk, type BulkRun, type Plan } from './bulk'
import { assignment, dropChoice } from './choice'
import { toggleClaim } from './claims'
import { openFurther } from './further'
import { clearSelection, selectedRows } from './selection'
import { currentRow, moveOn } from './store'

type Assign = Extract<Decision, { kind: 'assign' }>

/** What the dialogs work on: the selection, else the current matter. */
const targets = shallowRef<QueueRow[]>([])
const reassigning = ref(false)
const dismissing = ref(false)
const sending = ref(false)
const problem = shallowRef<Problem | null>(null)
const bulk = shallowRef<{ run: BulkRun; again: () => Promise<void> } | null>(null)
const bulkShown = ref(false)
let sent: { body: string; key: string } | null = null

/** The dialogs and what they are about. */
export function useWork() {
  const subject = () => (selectedRows.value.length > 0 ? selectedRows.value : currentRow.value ? [currentRow.value] : [])

  function mayAct(): boolean {
    if (!decides.value) showToast({ text: '您的角色不能办理事项，须由值班员或带班领导办理。' })
    return decides.value
  }

  function begin(dialog: typeof reassigning): void {
    const rows = subject()
    if (rows.length === 0 || !mayAct()) return
    targets.value = rows
    problem.value = null
    dialog.value = true
  }

  /** C: gives the current matter to the unit chosen and goes on; with a selection, each to the unit proposed. */
  function confirm(): void {
    if (!mayAct()) return
    if (selectedRows.value.length > 0) return runBulk('批量确认交办', selectedRows.value, planConfirm)
    const row = currentRow.value
    if (!row) return
    if (row.state !== 'new') return void showToast({ text: '该事项已经研判；更换单位请按 R 改派。' })
    const decision = assignment(row)
    if (!decision) return begin(reassigning)
    void decide(row, decision).then((outcome) => !outcome.problem && dropChoice(row.no))
    moveOn()
  }

  function runBulk(title: string, rows: readonly QueueRow[], plan: Plan): void {
    const { run, again, finished } = startBulk(title, rows, plan)
    bulk.value = { run, again }
    bulkShown.value = true
    void finished.then(clearSelection)
  }

  function reassign(decision: Assign): Promise<void> | void {
    if (targets.value.length === 1) return sendOne(decision, reassigning)
    reassigning.value = false
    runBulk(`批量改派${decision.leadName}`, targets.value, (row) => ({ ...decision, grade: decision.grade || row.grade }))
  }

  function dismiss(reason: string): Promise<void> | void {
    if (targets.value.length === 1) return sendOne({ kind: 'dismiss', reason }, dismissing)
    dismissing.value = false
    runBulk('批量不予办理', targets.value, () => ({ kind: 'dismiss', reason }))
  }

  /** From a dialog: it stays, with its text, until the service has agreed. */
  async function sendOne(decision: Decision, dialog: typeof reassigning): Promise<void> {
    const row = targets.value[0]
    if (!row || sending.value) return
    sending.value = true
    // Trying the same again must not do it twice.
    const body = JSON.stringify([row.no, row.decided_version, decision])
    if (sent?.body !== body) sent = { body, key: newKey() }
    const outcome = await decide(row, decision, sent.key, true)
    sending.value = false
    problem.value = outcome.problem ?? null
    if (outcome.problem) {
      // The next try rests on what the screen shows now.
      if (currentRow.value?.no === row.no) targets.value = [currentRow.value]
      return
    }
    dialog.value = false
    dropChoice(row.no)
    moveOn()
  }

  function claim(): void {
    if (currentRow.value && mayAct()) void toggleClaim(currentRow.value)
  }

  /** F: opens the first further concern of the current matter's post that is not opened yet. */
  function further(): void {
    if (currentRow.value && mayAct()) void openFurther()
  }

  function undoBulk(): void {
    bulkShown.value = false
    void undo()
  }

  return {
    targets,
    reassigning,
    dismissing,
    sending,
    problem,
    bulk,
    bulkShown,
    busy: computed(() => reassigning.value || dismissing.value || bulkShown.value),
    confirm,
    openReassign: () => begin(reassigning),
    openDismiss: () => begin(dismissing),
    reassign,
    dismiss,
    claim,
    further,
    undoBulk,
  }
}

function planConfirm(row: QueueRow): Decision | string {
  if (row.state !== 'new') return '已经研判，未重复交办'
  return assignment(row) ?? '系统没有把握，须逐件选定单位'
}

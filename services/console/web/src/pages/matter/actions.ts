/** What a person can do with a matter now. */
import type { ActionSpec, Subject } from './form'
import { absorbed, openConsultations } from './parts'
import { ACTIONS } from './specs'

/** The route an action is sent to, where it is not its own name. */
export const routeOf = (action: string) => (action === 'conclude' ? 'consult' : action)

/** The actions to offer: what the server allows, with the further steps that come with them. */
export function offered(matter: Subject & { actions: string[] }): ActionSpec[] {
  const allowed = new Set(matter.actions)
  if (allowed.has('consult') && openConsultations(matter).length > 0) allowed.add('conclude')
  // What was merged into this matter can be split off again by whoever may merge.
  if (allowed.has('merge') && absorbed(matter).length > 0) allowed.add('split')
  return ACTIONS.filter((spec) => allowed.has(spec.action))
}

/** The right by which the server allows an action: the steps that come with another one follow that one. */
export const rightFor = (action: string, matter: Subject) => (action === 'split' && absorbed(matter).length > 0 ? 'merge' : routeOf(action))

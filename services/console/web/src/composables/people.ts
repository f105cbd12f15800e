import { me } from './session'

const ROLES: Record<string, string> = {
  duty_officer: '值班员',
  duty_leader: '带班领导',
  leader: '带班领导',
  liaison: '联络员',
  auditor: '审计',
  admin: '系统管理员',
  machine: '系统',
}

/** Chinese name of a role. */
export function roleName(role: string): string {
  return ROLES[role] ?? role
}

/** Who acted, as the record shows it. */
export function actorName(name: string, role: string): string {
  if (role === 'machine') return '系统'
  if (name.startsWith('token:')) return `接口 ${name.slice(6)}`
  if (me.value && name === me.value.name) return `${me.value.display_name}（本人）`
  const title = roleName(role)
  return name.startsWith(title) ? name : `${title} ${name}`
}

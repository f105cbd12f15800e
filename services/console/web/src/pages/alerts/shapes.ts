/** Shapes of the alert routes, and their words. */
import type { components } from '../../api/schema'

type Schemas = components['schemas']

export type Delivery = Schemas['DeliveryView']
export type DeliveryPage = Schemas['DeliveryPage']
export type DeliveryFile = Schemas['DeliveryDetail']
export type Channel = Schemas['ChannelView']
/** What is answered once, when a channel is made or its secret renewed. */
export type Secret = Pick<Channel, 'secret' | 'public_key'>
export type TestResult = Schemas['TestView']
export type Rule = Schemas['RuleView']

export const DELIVERY_STATES: Record<string, string> = { waiting: '待投递', sent: '已送达', failed: '未送达', dropped: '已取消' }

export const CHANNEL_KINDS: Record<string, string> = {
  webhook: '签名回调',
  wecom: '企业微信机器人',
  dingtalk: '钉钉机器人',
  feishu: '飞书机器人',
}

export const CHANNEL_STATES: Record<string, string> = { active: '正常', paused: '已暂停', failing: '持续失败' }

export const SIGNINGS: Record<string, string> = { hmac: '对称密钥（HMAC-SHA256）', ed25519: '公私钥（Ed25519）' }

/** Events that can raise an alert, in the order of a matter's life. */
export const EVENT_KINDS: [string, string][] = [
  ['danger', '险情'],
  ['assigned', '交办'],
  ['overridden', '改派'],
  ['rejected', '退回'],
  ['deadline_passed', '超时'],
  ['supervised', '督办'],
  ['responded', '回应'],
  ['committed', '承诺'],
  ['commitment_due', '承诺到期'],
  ['closed', '办结'],
]

export const kindName = (kind: string) => EVENT_KINDS.find(([value]) => value === kind)?.[1] ?? kind

/** The form of every action, and the body sent for it. */
import type { ActionSpec } from './form'
import {
  CHANNEL_CHOICES,
  GRADE_CHOICES,
  RESPONSE_CHOICES,
  STEP_CHOICES,
  absorbed,
  assignmentField,
  deadlineKey,
  deadlineLabel,
  number,
  openConsultations,
  optional,
  pending,
  reason,
  text,
} from './parts'

/** In the order the buttons stand. */
export const ACTIONS: ActionSpec[] = [
  {
    action: 'assign',
    title: '交办',
    submit: '交办',
    fields: [
      {
        key: 'lead',
        label: '第一责任单位',
        kind: 'unit',
        required: true,
        initial: (matter) => matter.lead?.name ?? matter.suggested?.name ?? '',
      },
      { key: 'assist', label: '协同单位', kind: 'units' },
      {
        key: 'grade',
        label: '等级',
        kind: 'select',
        required: true,
        choices: () => GRADE_CHOICES,
        initial: (matter) => matter.grade,
        help: '交办时一并确认等级，时限按确认的等级计算。',
      },
      { key: 'instruction', label: '交办意见', kind: 'textarea' },
    ],
    body: (values) => ({
      lead: text(values, 'lead'),
      assist: values.assist ?? [],
      grade: text(values, 'grade'),
      instruction: optional(values, 'instruction'),
    }),
  },
  {
    action: 'accept',
    title: '签收',
    submit: '签收',
    intro: () => '签收后由本单位核查、回应；回应时限以“时限”栏为准。',
    fields: [assignmentField('pending')],
    body: (values) => ({ assignment: number(values, 'assignment') }),
  },
  {
    action: 'respond',
    title: '登记回应',
    submit: '登记回应',
    fields: [
      assignmentField('accepted'),
      {
        key: 'kind',
        label: '回应类型',
        kind: 'select',
        required: true,
        choices: (matter) => (matter.lead ? RESPONSE_CHOICES : RESPONSE_CHOICES.slice(2)),
        initial: (matter) => (matter.lead ? 'authoritative' : 'holding'),
      },
      { key: 'channel', label: '回应渠道', kind: 'select', required: true, choices: () => CHANNEL_CHOICES, initial: () => 'source' },
      { key: 'link', label: '回应链接', kind: 'link' },
      {
        key: 'text',
        label: '回应内容',
        kind: 'textarea',
        required: true,
        help: '将计入台账，可能对外公开。请勿写入反映人姓名、电话、住址。',
      },
    ],
    body: (values) => ({
      assignment: number(values, 'assignment'),
      kind: text(values, 'kind'),
      channel: text(values, 'channel'),
      link: optional(values, 'link'),
      text: text(values, 'text'),
    }),
  },
  {
    action: 'commit',
    title: '登记承诺',
    submit: '登记承诺',
    fields: [
      assignmentField('accepted'),
      { key: 'due', label: '承诺时限', kind: 'date', required: true, help: '截至当日24时。' },
      { key: 'text', label: '承诺事项', kind: 'textarea', required: true },
      { key: 'published', label: '已向社会公开', kind: 'checkbox' },
    ],
    body: (values) => ({
      assignment: number(values, 'assignment'),
      due: text(values, 'due'),
      published: values.published === true,
      text: text(values, 'text'),
    }),
  },
  {
    action: 'act',
    title: '登记处置',
    submit: '登记',
    fields: [
      assignmentField('accepted'),
      { key: 'kind', label: '类型', kind: 'select', required: true, choices: () => STEP_CHOICES, initial: () => 'measure' },
      { key: 'text', label: '内容', kind: 'textarea', required: true },
      { key: 'link', label: '佐证链接', kind: 'link' },
    ],
    body: (values) => ({
      assignment: number(values, 'assignment'),
      kind: text(values, 'kind'),
      text: text(values, 'text'),
      link: optional(values, 'link'),
    }),
  },
  {
    action: 'verify',
    title: '核查承诺',
    submit: '登记核查结果',
    fields: [
      {
        key: 'commitment',
        label: '承诺',
        kind: 'select',
        required: true,
        choices: (matter) =>
          matter.commitments
            .filter((one) => one.kept == null)
            .map((one) => [String(one.number), `第${one.number}项，${one.due}前：${(one.text ?? '').slice(0, 40)}`]),
        initial: (matter) => String(matter.commitments.find((one) => one.kept == null)?.number ?? ''),
      },
      {
        key: 'kept',
        label: '核查结论',
        kind: 'select',
        required: true,
        choices: () => [
          ['true', '已落实'],
          ['false', '未落实'],
        ],
      },
      { key: 'text', label: '核查情况', kind: 'textarea', required: true, help: '写明核查方式和所见，如现场查看、回访、查阅记录。' },
    ],
    body: (values) => ({
      commitment: Number(text(values, 'commitment')),
      kept: text(values, 'kept') === 'true',
      text: text(values, 'text'),
    }),
  },
  {
    action: 'grade',
    title: '定级',
    submit: '定级',
    intro: (matter) => (matter.grade_confirmed ? '' : '现等级为研判建议，尚未确认；时限暂按建议等级计算。'),
    fields: [
      { key: 'grade', label: '等级', kind: 'select', required: true, choices: () => GRADE_CHOICES, initial: (matter) => matter.grade },
    ],
    body: (values) => ({ grade: text(values, 'grade') }),
  },
  {
    action: 'consult',
    title: '会商',
    submit: '发起会商',
    fields: [
      {
        key: 'lead',
        label: '牵头单位',
        kind: 'unit',
        required: true,
        initial: (matter) => matter.lead?.name ?? matter.suggested?.name ?? '',
      },
      { key: 'units', label: '参加单位', kind: 'units', required: true },
      { key: 'question', label: '会商事项', kind: 'textarea', required: true },
    ],
    body: (values) => ({ lead: text(values, 'lead'), units: values.units ?? [], question: text(values, 'question') }),
  },
  {
    action: 'conclude',
    title: '登记会商结论',
    submit: '登记结论',
    fields: [
      {
        key: 'consultation',
        label: '会商',
        kind: 'select',
        required: true,
        choices: (matter) =>
          openConsultations(matter).map((one) => [String(one.number), `第${one.number}次：${(one.question ?? '').slice(0, 40)}`]),
        initial: (matter) => String(openConsultations(matter)[0]?.number ?? ''),
      },
      { key: 'conclusion', label: '会商结论', kind: 'textarea', required: true },
    ],
    body: (values) => ({ consultation: Number(text(values, 'consultation')), conclusion: text(values, 'conclusion') }),
  },
  {
    action: 'supervise',
    title: '督办',
    submit: '督办',
    fields: [{ key: 'text', label: '督办要求', kind: 'textarea', required: true }],
    body: (values) => ({ text: text(values, 'text') }),
  },
  {
    action: 'extend',
    title: '延期',
    submit: '批准延期',
    fields: [
      {
        key: 'deadline',
        label: '时限',
        kind: 'select',
        required: true,
        choices: (matter) => pending(matter).map((one) => [deadlineKey(one), deadlineLabel(matter, one)]),
        initial: (matter) => {
          const first = pending(matter)[0]
          return first ? deadlineKey(first) : ''
        },
      },
      { key: 'due', label: '延至', kind: 'datetime', required: true, help: '北京时间，须晚于原时限。' },
      reason('延期理由'),
    ],
    body: (values) => {
      const [deadline, assignment] = text(values, 'deadline').split('#')
      return {
        deadline,
        assignment: assignment ? Number(assignment) : undefined,
        due: `${text(values, 'due')}:00+08:00`,
        reason: text(values, 'reason'),
      }
    },
  },
  {
    action: 'merge',
    title: '合并',
    submit: '合并到本事项',
    intro: (matter) => `所填事项的网帖并入本事项（${matter.no}），原编号自动转到本事项；合并后可以拆分。`,
    fields: [{ key: 'other', label: '被合并事项编号', kind: 'text', required: true, help: '如 20261103-00001。' }],
    body: (values) => ({ other: text(values, 'other') }),
  },
  {
    action: 'split',
    title: '拆分',
    submit: '拆分恢复',
    intro: () => '拆分出去的事项恢复为独立事项，网帖随之移回。',
    fields: [
      {
        key: 'other',
        label: '拆分出去的事项',
        kind: 'select',
        required: true,
        when: (matter) => absorbed(matter).length > 0,
        choices: (matter) => absorbed(matter).map((no) => [no, no]),
        initial: (matter) => absorbed(matter)[0] ?? '',
      },
    ],
    body: (values) => ({ other: optional(values, 'other') }),
  },
  {
    action: 'close',
    title: '办结',
    submit: '办结',
    intro: () => '办结后时限停止计算；承诺仍按期核查。',
    fields: [{ key: 'text', label: '办结说明', kind: 'textarea' }],
    body: (values) => ({ text: optional(values, 'text') }),
  },
  {
    action: 'reject',
    title: '退回',
    submit: '退回',
    grave: true,
    fields: [assignmentField('pending'), reason('退回理由', '写明依据的职责条款和建议的承办单位。')],
    body: (values) => ({ assignment: number(values, 'assignment'), reason: text(values, 'reason') }),
  },
  {
    action: 'dismiss',
    title: '不予办理',
    submit: '不予办理',
    grave: true,
    fields: [reason('理由')],
    body: (values) => ({ reason: text(values, 'reason') }),
  },
  {
    action: 'reopen',
    title: '重新打开',
    submit: '重新打开',
    fields: [reason('理由')],
    body: (values) => ({ reason: text(values, 'reason') }),
  },
]

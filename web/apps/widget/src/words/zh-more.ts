/** What the extras say, in Chinese; the other languages follow this shape. */
import type { CaseKind, PrechatField } from "../wire";

export const more = {
  recall: "撤回",
  failed: "发送失败，点击重试",
  earlier: "查看更早的消息",
  newer: "有新消息",
  thanks: "感谢您的反馈",
  ended: "本次对话已结束",
  again: "开始新对话",
  drop: "松开即可添加文件",
  remove: "移除",
  before: "为了更快地帮到您，请先填写以下信息",
  leaveHint: "请留下问题和联系方式，我们上班后会尽快回复。",
  submit: "提交",
  problem: "问题描述",
  kind: "类型",
  contactHint: "请至少填写手机号或邮箱中的一项。",
  received: "已收到您的留言",
  caseNumber: "编号",
  done: "完成",
  caseSecret: "查询码",
  copy: "请保存编号和查询码，查询进度时需要。",
  follow: "查看进度",
  end: "结束对话",
  endSure: "确定要结束本次对话吗？",
  sound: "消息提示音",
  language: "English",
  call: "电话",
  fields: { name: "姓名", phone: "手机号", email: "邮箱", order: "订单号", question: "您的问题" } as Record<PrechatField, string>,
  kinds: { consultation: "咨询", complaint: "投诉", feedback: "反馈", suggestion: "建议" } as Record<CaseKind, string>,
  optional: "（选填）",
  preview: "查看大图",
  tooBig: (name: string, limit: number) => `“${name}”超过 ${limit} MB，无法上传`,
};

export type MoreWords = typeof more;

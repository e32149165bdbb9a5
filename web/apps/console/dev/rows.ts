// A few dozen rows of a vehicle after-sales company, the same at every start.

import type { Agent, Canned, Contact, Conversation, Me, Message, Notice, PageView, Settings, Team } from "../../../packages/api/src/types";

const start = Date.now();
export const iso = (secondsAgo: number) => new Date(start - secondsAgo * 1000).toISOString();

const roles = [{ id: "ro_agent", name: "客服" }];
const presence = (state: "online" | "busy" | "break" | "offline", reason?: string) => ({ state, reason, since: iso(1800) });

export const agents: Agent[] = [
  { id: "ag_lin", name: "林晓", nickname: "小林", email: "lin@demo", roles, teams: [{ id: "te_after", name: "售后组" }], presence: presence("online"), connected: true, capacity: 8, load: 4, language: "zh", disabled: false, invited: false, created_at: iso(9e6) },
  { id: "ag_zhao", name: "赵敏", nickname: "小赵", email: "zhao@demo", roles, teams: [{ id: "te_sales", name: "售前组" }], presence: presence("busy"), connected: true, capacity: 6, load: 6, language: "zh", disabled: false, invited: false, created_at: iso(9e6) },
  { id: "ag_wang", name: "王主管", nickname: "王老师", email: "wang@demo", roles: [{ id: "ro_sup", name: "主管" }], teams: [{ id: "te_after", name: "售后组" }], presence: presence("break", "meeting"), connected: true, capacity: 4, load: 0, language: "zh", disabled: false, invited: false, created_at: iso(9e6) },
  { id: "ag_zhou", name: "周正", nickname: "小周", email: "zhou@demo", roles, teams: [{ id: "te_after", name: "售后组" }], presence: presence("online"), connected: true, capacity: 8, load: 2, language: "zh", disabled: false, invited: false, created_at: iso(9e6) },
  { id: "ag_anna", name: "Anna Keller", nickname: "Anna", email: "anna@demo", roles, teams: [{ id: "te_sales", name: "售前组" }], presence: presence("offline"), connected: false, capacity: 6, load: 0, language: "en", disabled: false, invited: false, created_at: iso(9e6) },
];

export const permissions =
  "conversation.read conversation.reply conversation.transfer conversation.close conversation.take conversation.monitor contact.read contact.reveal contact.edit contact.block case.read case.edit case.assign case.escalate case.supervise complaint.staff.read compensation.propose compensation.approve.l1 compensation.approve.l2 compensation.approve.finance knowledge.read knowledge.edit knowledge.publish canned.shared report.own report.team report.all agent.read agent.manage role.manage key.manage channel.manage promise.read promise.manage automation.manage setting.manage audit.read job.manage privacy.manage".split(
    " ",
  );

export const me: Me = { ...agents[0]!, permissions, scope: "all", assistant: "小云" };

export const teams: Team[] = [
  { id: "te_after", name: "售后组", agents: [agents[0]!, agents[2]!, agents[3]!].map(({ id, name }) => ({ id, name })) },
  { id: "te_sales", name: "售前组", agents: [agents[1]!, agents[4]!].map(({ id, name }) => ({ id, name })) },
];

const names = ["陈思远", "赵国栋", "Emily Carter", "访客 7F3A", "周雨桐", "上海锦程贸易", "吴婷", "David Lee", "黄强", "刘洋", "何静", "访客 2B91", "孙浩", "Maria Rossi", "林小雨", "访客 C04D", "郑凯", "马丽", "访客 11AE", "Oliver Brown"];
const lines = [
  "好的，那退款大概什么时候能到账？",
  "保修期内电池更换要收费吗？",
  "My order 88213 arrived with the wrong colour, what should I do?",
  "你们的充电桩支持别的品牌吗",
  "发票抬头开错了，麻烦帮我重开一张专票",
  "关于 11 月批量采购的对账单，请查收附件并确认",
  "工程师几点能到？",
  "Thanks! It works again.",
  "[图片] 这个接口在哪里？说明书没有写",
  "车机升级以后导航打不开了",
];

export const contacts: Contact[] = names.map((name, i) => ({
  id: `ct_${i}`,
  name,
  phone: i % 4 === 3 ? undefined : `13${(i * 7) % 10}****52${String(10 + i).slice(-2)}`,
  email: i % 3 === 0 ? `c***${i}@example.com` : undefined,
  external_id: i % 3 === 0 ? `U-10${i}` : undefined,
  signed: i % 3 === 0,
  language: /^[A-Z]/.test(name) ? "en" : "zh",
  note: i === 0 ? "上次投诉过物流，说话客气些。" : "",
  attributes: i === 0 ? { 车型: "远行 E5 2025 款", 里程: "18,240 km", 会员等级: "金卡" } : {},
  blocked: i === 16,
  blocked_reason: i === 16 ? "辱骂客服" : undefined,
  conversations: 1 + (i % 9),
  created_at: iso(86400 * (20 + i)),
  last_seen_at: iso(60 * i),
  online: i % 3 !== 2,
  device: i % 2 === 0 ? "Windows · Chrome 156" : "iPhone · Safari",
}));

type Seed = Pick<Conversation, "state"> & Partial<Conversation>;
const seeds: Seed[] = [
  ...Array.from({ length: 9 }, (_, i): Seed => ({ state: i === 8 ? "wrap_up" : "active", agent_id: "ag_lin", agent_name: "林晓", team_id: "te_after", unread: i < 3 ? 2 - (i % 2) : 0, waiting_since: i < 3 ? iso([8, 21, 95][i]!) : undefined, priority: i === 2 ? 2 : i === 5 ? 1 : 0 })),
  ...Array.from({ length: 5 }, (_, i): Seed => ({ state: "queued", unread: 1 + i, queued_at: iso(20 + i * 25), waiting_since: iso(20 + i * 25), queue_reason: ["asked", "miss", "transfer", "agent_lost", "reopened"][i] })),
  ...Array.from({ length: 4 }, (): Seed => ({ state: "bot" })),
  ...Array.from({ length: 4 }, (): Seed => ({ state: "active", agent_id: "ag_zhao", agent_name: "赵敏", team_id: "te_sales" })),
  ...Array.from({ length: 120 }, (_, i): Seed => ({ state: "closed", agent_id: i % 2 ? "ag_lin" : "ag_zhao", agent_name: i % 2 ? "林晓" : "赵敏", closed_by: "agent", summary: { category: "refund_time", result: "solved", note: "已说明到账时间" } })),
];

export const conversations: Conversation[] = seeds.map((seed, i) => {
  const at = seed.state === "closed" ? 86400 + i * 3600 : seed.state === "queued" ? 20 + i * 6 : i * 140 + 5;
  return {
    id: `cv_${i}`,
    number: 1200 - i,
    inbox_id: "ib_web",
    channel: "webchat",
    contact_id: contacts[i % contacts.length]!.id,
    contact_name: contacts[i % contacts.length]!.name,
    priority: 0,
    language: contacts[i % contacts.length]!.language,
    last_seq: 12,
    last_text: lines[i % lines.length]!,
    last_from: seed.state === "bot" ? "bot" : i % 4 === 3 ? "agent" : "contact",
    last_at: iso(at),
    unread: 0,
    contact_read_seq: 10,
    contact_delivered_seq: 12,
    agent_read_seq: 11,
    started_at: iso(at + 900),
    closed_at: seed.state === "closed" ? iso(at) : undefined,
    page_url: "https://shop.example/e5",
    page_title: "远行 E5 车主服务",
    version: 1,
    ...seed,
  };
});

export const messages = new Map<string, Message[]>();

const picture = (seed: number) =>
  `data:image/svg+xml;utf8,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="640" height="420"><rect width="640" height="420" fill="hsl(${seed * 40},45%,70%)"/><circle cx="320" cy="210" r="120" fill="hsl(${seed * 40},55%,45%)"/></svg>`)}`;

function talk(c: Conversation): Message[] {
  const base = Date.parse(c.last_at);
  const at = (i: number) => new Date(base - (11 - i) * 70_000).toISOString();
  const rows: Partial<Message>[] = [
    { from: "system", kind: "event", event: { name: "conversation.started", args: {} }, text: "" },
    { from: "contact", text: "你好，前几天买的净化器声音特别大，晚上没法睡" },
    {
      from: "bot",
      author_name: "小云",
      text: "您好，请先确认滤芯包装膜已取下，并将风速切换到睡眠模式。若仍有异响，我可以为您转接人工或直接申请退换。",
      sources: [{ id: "q_1", kind: "question", title: "净化器噪音大怎么办" }],
    },
    { from: "contact", text: "都试过了，没用" },
    { from: "bot", author_name: "小云", text: "您想问的是下面哪一个？", choices: [{ id: "q_1", text: "噪音大怎么办" }, { id: "q_2", text: "如何申请退货" }, { id: "q_3", text: "退款多久到账" }] },
    { from: "system", kind: "event", event: { name: "human.requested", args: {} }, text: "" },
    { from: "system", kind: "event", event: { name: "accepted", args: { agent: c.agent_name ?? "林晓" } }, text: "" },
    {
      from: "contact",
      text: "试过了还是一样，想退货，这是照片 https://shop.example/orders/88217 。",
      attachments: [
        { id: `at_${c.id}_1`, name: "净化器.svg", type: "image/svg+xml", size: 48213, sha256: "", kind: "image", width: 640, height: 420, url: picture(2), thumb_url: picture(2), scan: "clean" },
        { id: `at_${c.id}_2`, name: "购买凭证 2026-11-18.pdf", type: "application/pdf", size: 182_113, sha256: "", kind: "document", url: "/api/v1/attachments/x", scan: "clean" },
      ],
    },
    { from: "agent", author_id: "ag_lin", author_name: "小林", text: "非常抱歉给您带来不便。已为您提交退货申请，顺丰会在今天 17:00–19:00 上门取件，运费由我们承担。" },
    { from: "agent", author_id: "ag_lin", author_name: "小林", text: "取件前司机会给您打电话。" },
    { from: "agent", kind: "note", author_id: "ag_zhou", author_name: "周正", text: "@林晓 这批 A3 风机异响本周第 6 单，建议同步给品控。", mentions: ["ag_lin"] },
    { from: c.last_from === "agent" ? "agent" : "contact", author_id: c.last_from === "agent" ? "ag_lin" : undefined, author_name: c.last_from === "agent" ? "小林" : undefined, text: c.last_text },
  ];
  return rows.map((row, i) => ({ id: `ms_${c.id}_${i + 1}`, conversation_id: c.id, seq: i + 1, from: "contact", kind: "text", text: "", at: at(i), ...row }));
}

function longTalk(c: Conversation): Message[] {
  const base = Date.parse(c.last_at);
  return Array.from({ length: 320 }, (_, i) => ({
    id: `ms_${c.id}_${i + 1}`,
    conversation_id: c.id,
    seq: i + 1,
    from: i % 3 === 1 ? ("agent" as const) : ("contact" as const),
    author_id: i % 3 === 1 ? "ag_lin" : undefined,
    author_name: i % 3 === 1 ? "小林" : undefined,
    kind: "text" as const,
    text: `第 ${i + 1} 条：${lines[i % lines.length]}`,
    at: new Date(base - (319 - i) * 900_000).toISOString(),
  }));
}

conversations.forEach((c, i) => {
  const rows = i === 1 ? longTalk(c) : talk(c);
  messages.set(c.id, rows);
  c.last_seq = rows.length;
  c.agent_read_seq = rows.length - c.unread;
  c.contact_read_seq = rows.length - 2;
  c.contact_delivered_seq = rows.length;
});

export const pages: PageView[] = [
  { at: iso(60), url: "https://shop.example/help/refund", title: "退款到账时间说明", seconds: 40 },
  { at: iso(420), url: "https://shop.example/p/a3", title: "《A3 噪音说明》", seconds: 100 },
  { at: iso(620), url: "https://shop.example/search?q=noise", title: "搜索「净化器 声音大」", seconds: 20 },
  { at: iso(800), url: "https://shop.example/orders/88217", title: "查看订单 88217" },
];

export const canned: Canned[] = [
  ["tk", "退款时间", "仓库签收并质检后 1 个工作日内发起退款，原路退回，通常 1–3 个工作日到账。"],
  ["fp", "发票", "发票会在订单完成后 24 小时内发送到您的邮箱。如需专票，请提供抬头和税号。"],
  ["dh", "问候", "您好，我是客服小林，请问有什么可以帮您？"],
  ["bx", "保修政策", "整车质保 3 年或 12 万公里，电池质保 8 年或 16 万公里，以先到者为准。"],
  ["sh", "稍等", "请您稍等，我正在为您核实。"],
].map(([shortcut, title, text], i) => ({ id: `cn_${i}`, shortcut: shortcut!, title: title!, text: text!, language: "zh", shared: true, uses: 40 - i }));

const hours = { zone: "Asia/Shanghai", always: false, week: Array.from({ length: 7 }, (_, i) => (i < 5 ? [{ from: "09:00", to: "18:00" }] : [])), closed: ["2026-10-01"], open: [] };

export const settings: Settings = {
  company: { zh: "远行汽车", en: "Yuanxing Motors" },
  phone: "400-000-1234",
  email: "help@demo",
  complaint_email: "complaint@demo",
  address: { zh: "上海市", en: "Shanghai" },
  phone_hours: hours,
  promise_chat: { zh: "30 秒内接待", en: "Answered within 30 s" },
  promise_phone: { zh: "5 分钟内接听", en: "Answered within 5 min" },
  promise_email: { zh: "24 小时内回复", en: "Answered within 24 h" },
  categories: [
    { id: "after", zh: "售后", en: "After-sales", children: [{ id: "refund", zh: "退款", en: "Refund", children: [{ id: "refund_time", zh: "到账时间", en: "Arrival time" }, { id: "refund_amount", zh: "金额不符", en: "Wrong amount" }] }, { id: "quality", zh: "质量问题", en: "Quality", children: [{ id: "noise", zh: "噪音", en: "Noise" }] }] },
    { id: "pre", zh: "售前", en: "Before sale", children: [{ id: "price", zh: "价格", en: "Price" }] },
    { id: "other", zh: "其他", en: "Other" },
  ],
  results: [
    { id: "solved", zh: "已解决", en: "Solved" },
    { id: "follow", zh: "待跟进", en: "To follow up" },
    { id: "unsolved", zh: "未解决", en: "Not solved" },
  ],
  languages: ["zh", "en"],
  break_reasons: [
    { id: "meal", zh: "用餐", en: "Meal" },
    { id: "meeting", zh: "会议", en: "Meeting" },
    { id: "training", zh: "培训", en: "Training" },
    { id: "rest", zh: "休息", en: "Rest" },
  ],
};

export const notices: Notice[] = [
  { id: "no_1", at: iso(300), kind: "mention", conversation_id: "cv_0", text: "@林晓 这批 A3 风机异响本周第 6 单，建议同步给品控。", from_name: "周正", read: false },
  { id: "no_2", at: iso(7200), kind: "transfer", conversation_id: "cv_4", text: "客户要专票，已核实抬头，请帮忙重开。", from_name: "王主管", read: true },
];

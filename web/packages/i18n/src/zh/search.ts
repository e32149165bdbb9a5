export const search = {
  title: "搜索",
  placeholder: "搜索消息、会话和客户",
  kind: { title: "范围", all: "全部", message: "消息", conversation: "会话", contact: "客户" },
  sort: { title: "排序", best: "最相关", newest: "最新" },
  start: "输入要找的词",
  start_hint: "可以输入多个词，顺序不限；中文两个字起就能搜到。",
  empty: "没有找到「{{q}}」",
  empty_hint: "换个说法，或者少输入几个词。",
  results: "搜索结果",
};

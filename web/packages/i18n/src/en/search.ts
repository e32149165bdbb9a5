export const search = {
  title: "Search",
  placeholder: "Search messages, conversations and contacts",
  kind: { title: "Where", all: "Everything", message: "Messages", conversation: "Conversations", contact: "Contacts" },
  sort: { title: "Order", best: "Best match", newest: "Newest" },
  start: "Type what you are looking for",
  start_hint: "Several words in any order; two Chinese characters are enough.",
  empty: "Nothing found for “{{q}}”",
  empty_hint: "Try other words, or fewer of them.",
  results: "Results",
};

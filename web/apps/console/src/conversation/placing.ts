import { queue, type Conversation, type Placing } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import type { MenuItem } from "@yingda/ui";
import { useChange } from "../form/failure";
import { patchConversation } from "../live/feed";
import type { List } from "../live/lists";
import { can, keys, queryClient, useMe } from "../query";
import { priorities, type PriorityName } from "./priority";

/** What stands in the queue as this console has it, in its order. */
function waiting(): Conversation[] {
  const list = queryClient.getQueryData<List>(keys.list({ view: "queue" }));
  return list?.pages.flatMap((page) => page.items) ?? [];
}

/** Moves a conversation in the queue, for those who may. */
export function usePlacing(c: Conversation) {
  const may = can(useMe(), "conversation.monitor") && c.state === "queued";
  const change = useChange((placing: Placing) => queue.place(c.id, placing), {
    onDone: (placed) => patchConversation(queryClient, placed, true),
    onFail: () => void queryClient.invalidateQueries({ queryKey: keys.list({ view: "queue" }) }),
  });
  /** The placing that lets it stand one place further forward; nothing at the top. */
  function earlier(): Placing | undefined {
    const all = waiting();
    const before = all[all.findIndex(({ id }) => id === c.id) - 1];
    return before && { before_id: before.id };
  }
  const run = (placing?: Placing) => {
    if (may && placing && !change.isPending) change.mutate(placing);
  };
  return { may, run, earlier };
}

/** The menu of a supervisor for what waits. */
export function usePlacingItems(c: Conversation, view: string): MenuItem[][] {
  const { t } = useTranslation();
  const { may, run, earlier } = usePlacing(c);
  if (!may) return [];
  const moves: MenuItem[] = [{ label: t("routing.queue.top"), onSelect: () => run({ top: true }) }];
  if (view === "queue") moves.push({ label: t("routing.queue.earlier"), disabled: !earlier(), onSelect: () => run(earlier()) });
  const names: PriorityName[] = ["urgent", "high", "normal", "low"];
  return [moves, names.map((name) => ({ label: t(`routing.queue.priorities.${name}`), checked: c.priority === priorities[name], onSelect: () => run({ priority: priorities[name] }) }))];
}

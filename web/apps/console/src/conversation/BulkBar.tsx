import type { BulkAct, ConversationFilter } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, IconButton } from "@yingda/ui";
import { Check, Flame, Forward, Tag, X } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { can, useMe } from "../query";
import type { Choice } from "./choice";

const BulkDialog = lazy(() => import("./BulkDialog"));

/** What can be done to all that is chosen; stands above the list. */
export function BulkBar({ choice, filter }: { choice: Choice; filter: ConversationFilter }) {
  const { t } = useTranslation();
  const me = useMe();
  const [act, setAct] = useState<BulkAct>();
  const replies = can(me, "conversation.reply");
  const acts = [
    { act: "transfer" as const, icon: <Forward size={15} />, may: can(me, "conversation.transfer") },
    { act: "tag" as const, icon: <Tag size={15} />, may: replies },
    { act: "prioritise" as const, icon: <Flame size={15} />, may: replies },
    { act: "close" as const, icon: <Check size={15} />, may: can(me, "conversation.close") },
  ];
  return (
    <div role="toolbar" aria-label={t("bulk.selected", { n: choice.ids.length })} className="mx-2 mb-2 flex shrink-0 flex-wrap items-center gap-1 rounded-lg bg-brand-soft px-2 py-1">
      <span role="status" className="num text-xs font-medium text-brand-ink">
        {choice.whole ? t("bulk.selected_all") : t("bulk.selected", { n: choice.ids.length })}
      </span>
      <span className="flex-1" />
      {acts.map((each) => each.may && <IconButton key={each.act} label={t(`bulk.${each.act}`)} icon={each.icon} onClick={() => setAct(each.act)} />)}
      <IconButton label={t("common.clear")} icon={<X size={15} />} onClick={choice.clear} />
      {!choice.whole && (
        <Button size="sm" variant="ghost" onClick={choice.all}>
          {t("bulk.all")}
        </Button>
      )}
      <Suspense>{act && <BulkDialog act={act} choice={choice} filter={filter} onClose={() => setAct(undefined)} />}</Suspense>
    </div>
  );
}

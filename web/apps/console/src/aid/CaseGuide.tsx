import { api, type CaseDetail } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, useToast } from "@yingda/ui";
import { ListTree } from "lucide-react";
import { useState } from "react";
import { useChange } from "../form/failure";
import { patchCase } from "../live/cases";
import { can, keys, queryClient, useMe } from "../query";
import { GuidePanel } from "./GuidePanel";

/** The troubleshooting beside a case; what was gone through goes into its history. */
export function CaseGuide({ detail }: { detail: CaseDetail }) {
  const { t } = useTranslation();
  const toast = useToast();
  const me = useMe();
  const [open, setOpen] = useState(false);
  const c = detail.case;
  const may = (act: string) => detail.possible.some((each) => each.act === act);
  const run = useChange((doing: { act: "note" | "reply"; text: string }) => api.cases.act(c.id, { ...doing, version: c.version }), {
    onDone(changed) {
      patchCase(queryClient, changed);
      void queryClient.invalidateQueries({ queryKey: keys.case(c.id) });
    },
  });
  if (!can(me, "case.edit") || !can(me, "knowledge.read") || !may("note")) return null;
  if (!open) {
    return (
      <Button className="mb-4" icon={<ListTree size={14} aria-hidden="true" />} onClick={() => setOpen(true)}>
        {t("aids.guide.open")}
      </Button>
    );
  }
  return (
    <div className="-mx-4 mb-1">
      <GuidePanel
        onNote={(text) => run.mutate({ act: "note", text }, { onSuccess: () => toast({ text: t("aids.guide.noted"), tone: "ok" }) })}
        onTell={may("reply") ? (text) => run.mutate({ act: "reply", text }, { onSuccess: () => toast({ text: t("aids.guide.replied"), tone: "ok" }) }) : undefined}
        onClose={() => setOpen(false)}
      />
    </div>
  );
}

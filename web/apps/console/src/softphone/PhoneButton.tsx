import { useTranslation } from "@yingda/i18n";
import { cn, Popover } from "@yingda/ui";
import { Phone } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useExternal } from "../external";
import { can, useMe } from "../query";
import { railItem } from "../shell/railItem";
import { line, startLine } from "./line";

const PhonePanel = lazy(() => import("./PhonePanel"));
const dots = { off: "bg-off-dot", connecting: "bg-warn-dot", connected: "bg-ok-dot", lost: "bg-bad-dot", elsewhere: "bg-warn-dot" };

/** The telephone in the rail: how it is, and all that can be set. */
export function PhoneButton() {
  const { t } = useTranslation();
  const me = useMe();
  const [open, setOpen] = useState(false);
  const state = useExternal(line, (l) => l.state);
  const speaks = can(me, "conversation.reply", "conversation.monitor");
  useEffect(() => (speaks ? startLine(me.id) : undefined), [me.id, speaks]);
  if (!speaks) return null;
  return (
    <Popover
      label={t("phone.title")}
      side="right"
      align="end"
      open={open}
      onOpenChange={setOpen}
      className="w-80 p-0"
      trigger={
        <button type="button" aria-label={`${t("phone.title")} ${t(`phone.state.${state}`)}`} className={railItem}>
          <Phone size={18} strokeWidth={1.8} aria-hidden="true" />
          <span className="max-w-full truncate">{t("phone.title")}</span>
          <span aria-hidden="true" className={cn("absolute top-1.5 right-2.5 size-2 rounded-full", dots[state])} />
        </button>
      }
    >
      <Suspense>
        <PhonePanel onDialled={() => setOpen(false)} />
      </Suspense>
    </Popover>
  );
}

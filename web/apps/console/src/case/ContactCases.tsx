import { type Conversation } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { buttonClass } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { TicketPlus } from "lucide-react";
import { can, casesOf, useMe } from "../query";
import { useNow } from "../time";
import { ClockPill } from "./ClockPill";
import { StagePill } from "./StagePill";

/** The newest cases of a contact, and a way to take in another. Nothing for who may not read cases. */
export function ContactCases({ contact, conversation }: { contact: string; conversation?: Conversation }) {
  const { t } = useTranslation();
  const me = useMe();
  const now = useNow(60_000);
  const cases = useQuery({ ...casesOf(contact), enabled: can(me, "case.read") });
  if (!can(me, "case.read")) return null;
  return (
    <>
      {cases.data?.items.length === 0 && <p className="text-xs text-faint">{t("cases.empty")}</p>}
      <ul className="-mx-2">
        {cases.data?.items.map((c) => (
          <li key={c.id}>
            <Link to="/cases/$id" params={{ id: c.id }} className="flex items-center gap-2 rounded-md px-2 py-1 text-xs hover:bg-raise">
              <span className="min-w-0 flex-1">
                <span className="block truncate">{c.subject}</span>
                <span className="num block truncate text-2xs text-faint">
                  {c.number}
                  {c.order && ` · ${t("cases.order")} ${c.order}`}
                </span>
              </span>
              {c.next ? <ClockPill clock={c.next} now={now} /> : <StagePill item={c} />}
            </Link>
          </li>
        ))}
      </ul>
      {can(me, "case.edit") && (
        <Link to="/cases/new" search={{ contact, conversation: conversation?.id, source: conversation?.channel === "phone" ? "phone" : undefined }} className={buttonClass("default", "sm", "mt-1.5")}>
          <TicketPlus size={13} aria-hidden="true" />
          {t("cases.handin.from_conversation")}
        </Link>
      )}
    </>
  );
}

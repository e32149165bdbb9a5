import type { Contact, Conversation } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Avatar, IconButton, Menu, Pill } from "@yingda/ui";
import { BadgeCheck, Ban, Eye, MoreHorizontal, Pencil } from "lucide-react";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { useExternal } from "../external";
import { passing } from "../live/passing";
import { can, useMe } from "../query";
import { CallNumber } from "../softphone/CallNumber";
import { fullTime } from "../time";
import { useFieldName, useFields, useValue } from "./people";
import { revealContact } from "./reveal";
import { ContactTags } from "./Tags";

const EditDialog = lazy(() => import("./EditDialog"));
const RevealDialog = lazy(() => import("./RevealDialog"));
const BlockDialog = lazy(() => import("./BlockDialog"));

/** A value that was revealed, and the mask that it stands for: another number is masked again. */
interface Shown {
  of?: string;
  value: string;
}

type Ask = "edit" | "block" | { field: string; label: string } | undefined;

/** Who the contact is, and what one may do with that. */
export function ContactCard({ contact, conversation }: { contact: Contact; conversation?: Conversation }) {
  const { t } = useTranslation();
  const me = useMe();
  const [ask, setAsk] = useState<Ask>();
  const [revealed, setRevealed] = useState<Record<string, Shown>>({});
  const fields = useFields().data?.items ?? [];
  const fieldName = useFieldName();
  const shownValue = useValue();
  const online = useExternal(passing, (p) => [contact.id, ...contact.also].some((id) => p.visitors[id]?.online)) || contact.online;
  const codes = [...new Set([...fields.map(({ code }) => code), ...Object.keys(contact.attributes)])].filter((code) => contact.attributes[code]);
  const mask = (field: string) => (field === "phone" || field === "email" ? contact[field] : contact.attributes[field.slice("attribute.".length)]);
  const close = () => setAsk(undefined);
  const actions = [
    ...(can(me, "contact.edit") ? [{ label: t("contact.edit"), icon: <Pencil size={15} aria-hidden="true" />, onSelect: () => setAsk("edit") }] : []),
    ...(can(me, "contact.block") ? [{ label: contact.blocked ? t("contact.block.undo") : t("contact.block.action"), icon: <Ban size={15} aria-hidden="true" />, danger: !contact.blocked, onSelect: () => setAsk("block") }] : []),
  ];

  return (
    <div className="px-4 py-3">
      <div className="flex items-center gap-3">
        <Avatar name={contact.name} size={42} presence={online ? "online" : "offline"} />
        <div className="min-w-0 flex-1">
          <div className="flex items-center gap-1.5">
            <h2 className="truncate text-[15px] font-semibold">{contact.name}</h2>
            {contact.signed && <BadgeCheck size={15} role="img" aria-label={t("contact.signed")} className="shrink-0 text-brand" />}
          </div>
          <div className="truncate text-xs text-mut">
            {online ? t("contact.online") : t("contact.offline")} · {contact.signed ? t("contact.signed") : t("contact.guest")}
          </div>
        </div>
        {actions.length > 0 && (
          <Menu
            label={t("common.more")}
            groups={[actions]}
            trigger={
              <button type="button" aria-label={t("common.more")} className="grid size-7 shrink-0 place-items-center rounded-md text-mut hover:bg-raise hover:text-fg">
                <MoreHorizontal size={16} aria-hidden="true" />
              </button>
            }
          />
        )}
      </div>
      {contact.blocked && (
        <Pill tone="bad" icon={<Ban size={11} aria-hidden="true" />} className="mt-2 h-auto max-w-full py-0.5 whitespace-normal">
          {contact.blocked_reason ? t("contact.block.why", { reason: contact.blocked_reason }) : t("contact.block.blocked")}
          {contact.blocked_until && ` · ${t("contact.block.ends", { at: fullTime(contact.blocked_until) })}`}
        </Pill>
      )}
      <ContactTags contact={contact} conversation={conversation?.id} />
      <dl className="mt-2.5">
        {(["phone", "email"] as const).map((field) => (
          <Masked key={field} label={t(`contact.${field}`)} value={contact[field]} revealed={shown(revealed[field], contact[field])} onReveal={() => setAsk({ field, label: t(`contact.${field}`) })} callable={field === "phone" ? contact.name : undefined} />
        ))}
        {contact.external_id && <Pair name={t("contact.external_id")}>{contact.external_id}</Pair>}
        <Pair name={t("contact.language")}>{t(`common.language.${contact.language}`)}</Pair>
        {contact.device && <Pair name={t("contact.device")}>{contact.device}</Pair>}
        <Pair name={t("contact.created")}>
          <time dateTime={contact.created_at} className="num">
            {fullTime(contact.created_at)}
          </time>
        </Pair>
        {codes.map((code) => {
          const field = fields.find((each) => each.code === code);
          const value = contact.attributes[code] ?? "";
          const name = `attribute.${code}`;
          if (field?.sight === "masked") return <Masked key={code} label={fieldName(code)} value={value} revealed={shown(revealed[name], value)} onReveal={() => setAsk({ field: name, label: fieldName(code) })} />;
          return (
            <Pair key={code} name={fieldName(code)}>
              {shownValue(field, value)}
            </Pair>
          );
        })}
      </dl>
      <Suspense>
        {ask === "edit" && <EditDialog contact={contact} conversation={conversation?.id} onClose={close} />}
        {ask === "block" && <BlockDialog contact={contact} conversation={conversation?.id} onClose={close} />}
        {typeof ask === "object" && (
          <RevealDialog label={ask.label} ask={(reason) => revealContact(contact.id, ask.field, reason, { conversation_id: conversation?.id })} onClose={close} onValue={(value) => setRevealed((now) => ({ ...now, [ask.field]: { of: mask(ask.field), value } }))} />
        )}
      </Suspense>
    </div>
  );
}

const shown = (held: Shown | undefined, mask: string | undefined) => (held?.of === mask ? held?.value : undefined);

export function Pair({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-[26px] items-center gap-2 py-[3px]">
      <dt className="w-[68px] shrink-0 truncate text-xs text-faint" title={name}>
        {name}
      </dt>
      <dd className="flex min-w-0 flex-1 items-center gap-1 text-sm">
        <span className="min-w-0 break-words">{children}</span>
      </dd>
    </div>
  );
}

/** `callable`: whom its number calls, once it is shown. */
function Masked({ label, value, revealed, onReveal, callable }: { label: string; value?: string; revealed?: string; onReveal: () => void; callable?: string }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <div className="flex min-h-[26px] items-center gap-2 py-[3px]">
      <dt className="w-[68px] shrink-0 truncate text-xs text-faint" title={label}>
        {label}
      </dt>
      <dd className="flex min-w-0 flex-1 items-center gap-1 text-sm">
        {value ? <span className="num min-w-0 truncate">{revealed ?? value}</span> : <span className="text-faint">{t("common.none")}</span>}
        {value && !revealed && can(me, "contact.reveal", "contact.edit") && <IconButton size="sm" label={t("contact.reveal.action", { field: label })} icon={<Eye size={13} />} onClick={onReveal} />}
        {revealed && callable !== undefined && can(me, "conversation.reply") && <CallNumber number={revealed} name={callable} />}
      </dd>
    </div>
  );
}

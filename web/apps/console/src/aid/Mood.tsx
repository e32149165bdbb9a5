import { useQuery } from "@tanstack/react-query";
import { mood, type Conversation } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { cn, Pill, Popover, SkeletonRows } from "@yingda/ui";
import { Angry, Frown } from "lucide-react";
import { useState } from "react";
import { Failure } from "../form/failure";

const looks = { worried: { icon: Frown, ink: "text-warn", tone: "warn" }, angry: { icon: Angry, ink: "text-bad", tone: "bad" } } as const;

/** In a list: a face for who sounds worried or angry; nothing for who is calm. */
export function MoodMark({ conversation: c }: { conversation: Conversation }) {
  const { t } = useTranslation();
  if ((c.mood !== "worried" && c.mood !== "angry") || c.state === "closed") return null;
  const { icon: Icon, ink } = looks[c.mood];
  return <Icon size={13} role="img" aria-label={t(`aids.mood.${c.mood}`)} className={cn("shrink-0", ink)} />;
}

/** In the head of a conversation: how the contact sounds, and by which words. */
export function MoodPopover({ conversation: c }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const query = useQuery({ queryKey: ["mood", c.id, c.last_seq], queryFn: () => mood.of(c.id), enabled: open, staleTime: Infinity });
  if (c.mood !== "worried" && c.mood !== "angry") return null;
  const { icon: Icon, tone } = looks[c.mood];
  const language = currentLanguage();
  const told = (query.data?.items ?? []).filter((m) => m.why.length > 0).slice(-6);
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={t("aids.mood.title")}
      className="w-96"
      trigger={
        <button type="button" aria-label={`${t("aids.mood.title")}: ${t(`aids.mood.${c.mood}`)}`} className="shrink-0 rounded-md">
          <Pill tone={tone} icon={<Icon size={12} aria-hidden="true" />}>
            <span className="max-sm:sr-only">{t(`aids.mood.${c.mood}`)}</span>
          </Pill>
        </button>
      }
    >
      <div className="scroll max-h-[60vh] overflow-y-auto text-sm">
        <p className="mb-2 text-xs text-mut">{t("aids.mood.hint")}</p>
        {query.isPending ? (
          <SkeletonRows rows={3} />
        ) : query.isError ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
        ) : (
          <ol className="flex flex-col gap-2">
            {told.map((m) => (
              <li key={m.message_id} className="border-t pt-2 first:border-t-0 first:pt-0">
                <p className="flex items-start gap-2">
                  <span className="min-w-0 flex-1 break-words">“{m.text}”</span>
                  <Pill tone={m.mood === "angry" ? "bad" : m.mood === "worried" ? "warn" : "plain"}>{t(`aids.mood.${m.mood}`)}</Pill>
                </p>
                <ul className="mt-0.5 list-disc pl-4 text-xs text-mut">
                  {m.why.map((why) => (
                    <li key={why.en}>{why[language]}</li>
                  ))}
                </ul>
              </li>
            ))}
          </ol>
        )}
      </div>
    </Popover>
  );
}

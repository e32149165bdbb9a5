import { useQuery } from "@tanstack/react-query";
import { queue, type Bilingual, type Conversation, type Why } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Pill, Popover, SkeletonRows } from "@yingda/ui";
import { Split } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Failure } from "../form/failure";
import { clockTime, fullTime } from "../time";

/** In the head of a conversation: to whom it was offered and why, and why it waits now. */
export function WhyPopover({ conversation: c }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const query = useQuery({ queryKey: ["why", c.id, c.version], queryFn: () => queue.why(c.id), enabled: open, staleTime: 0 });
  const label = c.queued_at ? t("routing.why.waits") : t("routing.why.mine");
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      align="end"
      label={label}
      className="w-96"
      trigger={
        <button type="button" aria-label={label} title={label} className="grid size-[30px] shrink-0 place-items-center rounded-md border text-mut hover:bg-raise hover:text-fg">
          <Split size={16} aria-hidden="true" />
        </button>
      }
    >
      <div className="scroll max-h-[60vh] overflow-y-auto">
        {query.data ? <Told why={query.data} /> : query.isError ? <Failure error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} /> : <SkeletonRows rows={3} />}
      </div>
    </Popover>
  );
}

function Told({ why: { waits, offers } }: { why: Why }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-3">
      {waits && (
        <Part title={t("routing.why.waits")} aside={t("routing.why.place", { n: waits.position })}>
          <Reasons of={waits.why} />
          {waits.agents && waits.agents.length > 0 && (
            <dl aria-label={t("routing.why.agents")} className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 border-t pt-2 text-xs">
              {waits.agents.map(({ agent_id, agent_name, why }) => (
                <div key={agent_id} className="contents">
                  <dt className="font-medium">{agent_name}</dt>
                  <dd className="text-mut">{why[currentLanguage()]}</dd>
                </div>
              ))}
            </dl>
          )}
        </Part>
      )}
      <Part title={t("routing.why.offers")}>
        {offers.length === 0 && <p className="text-xs text-mut">{t("routing.why.none")}</p>}
        <ol className="flex flex-col gap-2.5">
          {offers.map((offer) => (
            <li key={`${offer.at} ${offer.agent_id}`}>
              <p className="flex items-center gap-2 text-xs">
                <span className="font-medium">{offer.agent_name}</span>
                <Outcome of={offer.outcome} />
                <time dateTime={offer.at} title={fullTime(offer.at)} className="num ml-auto text-faint">
                  {clockTime(offer.at)}
                </time>
              </p>
              <Reasons of={offer.why} />
            </li>
          ))}
        </ol>
      </Part>
    </div>
  );
}

function Part({ title, aside, children }: { title: string; aside?: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-1.5 flex items-center justify-between text-sm font-semibold">
        {title}
        {aside && <span className="num text-xs font-normal text-mut">{aside}</span>}
      </h3>
      {children}
    </section>
  );
}

function Reasons({ of }: { of: Bilingual[] }) {
  const language = currentLanguage();
  return (
    <ul className="list-disc pl-4 text-xs text-mut">
      {of.map((reason) => (
        <li key={reason.en}>{reason[language]}</li>
      ))}
    </ul>
  );
}

const tones: Record<string, "ok" | "bad" | "warn"> = { accepted: "ok", missed: "bad", declined: "warn", unreachable: "warn" };
const outcomes = ["accepted", "declined", "missed", "unreachable", "withdrawn", "handed_on"] as const;

function Outcome({ of }: { of: string }) {
  const { t } = useTranslation();
  const known = outcomes.find((each) => each === of);
  return <Pill tone={tones[of] ?? "plain"}>{t(`routing.why.outcome.${known ?? "rings"}`)}</Pill>;
}

import { useQuery } from "@tanstack/react-query";
import { Link, type LinkProps } from "@tanstack/react-router";
import { api } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { cn, IconButton } from "@yingda/ui";
import { Check, ChevronRight, X } from "lucide-react";
import { knowledgeKeys } from "../knowledge/keys";
import { setPrefs, usePrefs } from "../prefs";
import { can, keys, useMe } from "../query";

type Step = "embed" | "question" | "invite";

const links: Record<Step, LinkProps> = {
  embed: { to: "/settings/{-$section}", params: { section: "channels" }, search: { tab: "embed" } as LinkProps["search"] },
  question: { to: "/knowledge/{-$section}/{-$id}", params: { section: "questions", id: "new" } },
  invite: { to: "/settings/{-$section}", params: { section: "agents" } },
};

/** What a new house still has to do, each with whether it is done; undefined while unknown, finished or put away. */
export function useNextSteps(wanted: boolean): { step: Step; done: boolean }[] | undefined {
  const me = useMe();
  const { stepsHidden } = usePrefs();
  const shown = wanted && !stepsHidden;
  const [embeds, writes, invites] = [can(me, "channel.manage"), can(me, "knowledge.edit"), can(me, "agent.manage")];
  const embedded = useQuery({ queryKey: ["steps", "embedded"], queryFn: writtenFromAPage, enabled: shown && embeds });
  const questions = useQuery({ queryKey: [...knowledgeKeys.questions, "list", "any"], queryFn: () => api.questions.list({}), enabled: shown && writes });
  const agents = useQuery({ queryKey: keys.agents, queryFn: api.agents.list, enabled: shown && invites });
  if (!shown) return undefined;

  const steps: { step: Step; done: boolean | undefined }[] = [];
  if (embeds) steps.push({ step: "embed", done: embedded.data });
  if (writes) steps.push({ step: "question", done: questions.data && questions.data.items.length > 0 });
  if (invites) steps.push({ step: "invite", done: agents.data?.items.some(({ id, disabled }) => id !== me.id && !disabled) });
  const known = steps.flatMap(({ step, done }) => (done === undefined ? [] : [{ step, done }]));
  return known.length === steps.length && known.some(({ done }) => !done) ? known : undefined;
}

/** Whether a visitor has written from a page that is not one of this server's own. */
async function writtenFromAPage(): Promise<boolean> {
  for (const view of ["all", "closed"] as const) {
    const { items } = await api.conversations.list({ view }, undefined, 20);
    if (items.some(({ page_url }) => page_url && !page_url.startsWith(`${location.origin}/`))) return true;
  }
  return false;
}

export function NextSteps({ steps, className }: { steps: { step: Step; done: boolean }[]; className?: string }) {
  const { t } = useTranslation();
  const done = steps.filter((each) => each.done).length;
  return (
    <section aria-labelledby="next-steps" className={cn("w-full max-w-md rounded-xl border bg-panel", className)}>
      <header className="flex items-start gap-3 px-4 pt-3.5 pb-2">
        <div className="min-w-0 flex-1">
          <h2 id="next-steps" className="font-semibold">
            {t("inbox.steps.title")} <span className="num ml-1 text-xs font-normal text-faint">{t("inbox.steps.done", { n: done, of: steps.length })}</span>
          </h2>
          <p className="text-xs text-mut">{t("inbox.steps.about")}</p>
        </div>
        <IconButton size="sm" label={t("inbox.steps.hide")} icon={<X size={14} />} onClick={() => setPrefs({ stepsHidden: true })} />
      </header>
      <ol className="p-2 pt-0">
        {steps.map(({ step, done }, i) => (
          <li key={step}>
            <Link {...links[step]} className="group flex items-center gap-3 rounded-lg px-2 py-2 hover:bg-raise">
              <span aria-hidden="true" className={cn("num grid size-6 shrink-0 place-items-center rounded-full text-xs font-semibold", done ? "bg-ok-soft text-ok" : "bg-brand-soft text-brand-ink")}>
                {done ? <Check size={14} /> : i + 1}
              </span>
              <span className="min-w-0 flex-1">
                <span className={cn("block font-medium", done && "text-mut")}>
                  {t(`inbox.steps.${step}`)}
                  {done && <span className="sr-only"> {t("inbox.steps.is_done")}</span>}
                </span>
                <span className="block text-xs text-mut">{t(`inbox.steps.${step}_hint`)}</span>
              </span>
              <ChevronRight size={15} className="shrink-0 text-faint" aria-hidden="true" />
            </Link>
          </li>
        ))}
      </ol>
    </section>
  );
}

import { useQuery } from "@tanstack/react-query";
import { learning, type Lesson, type Lessons } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, Field, PageHeader, Pill, SaveBar, Section, Switch } from "@yingda/ui";
import { RefreshCw } from "lucide-react";
import { Amount } from "../form/Amount";
import { LeaveGuard } from "../form/LeaveGuard";
import { useDraft } from "../form/draft";
import { Loaded, fieldErrors, isConflict, useChange } from "../form/failure";
import { whenText } from "../form/when";
import { problem } from "../problem";
import { queryClient } from "../query";

const key = ["learning"] as const;

export const topicKey = (topic: string) => topic.replace(".", "_") as "case_kind";

/** What closed work teaches: how well it was learnt, what is suggested and what not, and what people did with it. */
export default function LearningSection() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: key, queryFn: learning.get });
  return (
    <>
      <PageHeader title={t("settings.sections.learning")} description={t("aids.learning.about")} />
      <Loaded query={query}>{(saved) => <LearningForm saved={saved} />}</Loaded>
    </>
  );
}

function LearningForm({ saved }: { saved: Lessons }) {
  const { t } = useTranslation();
  const { draft, dirty, set, discard } = useDraft(saved);
  const save = useChange(() => learning.put({ least: draft.least, off: draft.off, version: draft.version }), {
    quiet: true,
    done: t("settings.saved"),
    onDone(now) {
      queryClient.setQueryData(key, now);
      discard();
    },
    onFail: (error) => isConflict(error) && void upon(),
  });
  async function upon() {
    const { version } = await queryClient.fetchQuery({ queryKey: key, queryFn: learning.get, staleTime: 0 });
    set({ version });
  }
  const now = useChange(() => learning.now(), { done: t("aids.learning.now_done"), onDone: () => setTimeout(() => void queryClient.invalidateQueries({ queryKey: key }), 4_000) });
  const errors = fieldErrors(save.error);
  return (
    <>
      <LeaveGuard dirty={dirty} />
      <Section
        title={t("aids.learning.topics_title")}
        description={saved.at ? t("aids.learning.at", { when: whenText(saved.at) }) : t("aids.learning.never")}
        actions={
          <Button size="sm" icon={<RefreshCw size={13} aria-hidden="true" />} loading={now.isPending} onClick={() => now.mutate()}>
            {t("aids.learning.now")}
          </Button>
        }
      >
        <ul className="flex flex-col divide-y">
          {saved.topics.map((topic) => (
            <TopicRow key={topic.topic} topic={topic} on={!draft.off.includes(topic.topic)} onChange={(on) => set({ off: on ? draft.off.filter((other) => other !== topic.topic) : [...draft.off, topic.topic] })} />
          ))}
        </ul>
      </Section>
      <Section title={t("aids.learning.least")} description={t("aids.learning.least_hint")}>
        <Field label={t("aids.learning.least")} aside="%" error={errors["least"]} className="max-w-40" hideLabel>
          <Amount min={50} step={1} value={Math.round(draft.least * 100)} onChange={(n) => set({ least: Math.min(99, Math.max(0, Math.round(n))) / 100 })} />
        </Field>
      </Section>
      <SaveBar dirty={dirty} saving={save.isPending} onSave={() => save.mutate()} onDiscard={() => (save.reset(), discard())} error={save.error ? (isConflict(save.error) ? t("model.changed") : problem(save.error).text) : undefined} />
    </>
  );
}

function TopicRow({ topic: s, on, onChange }: { topic: Lesson; on: boolean; onChange: (on: boolean) => void }) {
  const { t } = useTranslation();
  const used = s.taken + s.changed;
  const percent = (share: number) => `${Math.floor(share * 100)}%`;
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {t(`aids.learning.topics.${topicKey(s.topic)}`)}
          <Pill tone={s.suggests ? "ok" : "plain"}>{s.suggests ? t("aids.learning.suggests") : t("aids.learning.silent")}</Pill>
        </p>
        <p className="mt-0.5 text-xs text-mut">{s.why[currentLanguage()]}</p>
        <p className="num mt-0.5 text-xs text-mut">
          {[s.answers > 1 && t("aids.learning.numbers", { closed: s.closed, answers: s.answers, common: percent(s.common) }), used > 0 ? t("aids.learning.used", { taken: s.taken, used, share: percent(s.taken / used) }) : t("aids.learning.unused")].filter(Boolean).join(" · ")}
        </p>
      </div>
      <Switch checked={on} onChange={onChange} label={t("aids.learning.on", { name: t(`aids.learning.topics.${topicKey(s.topic)}`) })} hideLabel />
    </li>
  );
}

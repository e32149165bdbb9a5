import { api, type ID, type Review } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Checkbox, Dialog, Field, Pill, Section, Segmented, Skeleton, Textarea, useToast } from "@yingda/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Scale } from "lucide-react";
import { useState } from "react";
import { Failure } from "../form/failure";
import { newClientId } from "../live/outbox";
import { problem } from "../problem";
import { can, keys, queryClient, useMe } from "../query";
import { fullTime } from "../time";

type Of = "conversations" | "cases";

const tones = { open: "warn", upheld: "ok", replaced: "brand" } as const;

/** On the page of a case. */
export function ReviewSection({ id }: { id: ID }) {
  const { t } = useTranslation();
  return (
    <Section title={t("review.title")}>
      <Reviews of="cases" id={id} />
    </Section>
  );
}

/** Second looks at decisions in a conversation or a case: the first decision, and what a supervisor made of it. */
export function Reviews({ of, id }: { of: Of; id: ID }) {
  const { t } = useTranslation();
  const me = useMe();
  const [asking, setAsking] = useState(false);
  const [judged, setJudged] = useState<Review>();
  const reviews = useQuery({ queryKey: keys.reviews(id), queryFn: () => api.reviews.list(of, id), staleTime: 60_000 });
  const asks = can(me, of === "cases" ? "case.edit" : "conversation.reply");
  const judges = can(me, of === "cases" ? "case.supervise" : "conversation.monitor");
  const items = reviews.data?.items ?? [];
  if (reviews.isPending) return <Skeleton className="h-8" />;
  if (reviews.error && !reviews.data) return <Failure error={reviews.error} onRetry={() => void reviews.refetch()} retrying={reviews.isFetching} />;
  return (
    <>
      {items.length === 0 && <p className="text-xs text-faint">{t("review.empty")}</p>}
      <ul className="flex flex-col gap-3">
        {items.map((r) => (
          <li key={r.id} className="text-xs">
            <p className="flex items-center gap-2">
              <Pill tone={tones[r.state]}>{t(`review.state.${r.state}`)}</Pill>
              <time dateTime={r.asked_at} className="num ml-auto text-2xs text-faint">
                {fullTime(r.reviewed_at ?? r.asked_at)}
              </time>
            </p>
            <p className={r.state === "replaced" ? "mt-1 break-words text-mut line-through" : "mt-1 break-words"}>{r.decision}</p>
            {r.decider.name && <p className="text-2xs text-faint">{t("review.by", { name: r.decider.name })}</p>}
            <p className="mt-1 break-words text-mut">{r.why}</p>
            <p className="text-2xs text-faint">{t(r.customer ? "review.asked_customer" : "review.asked_by", { name: r.asker.name })}</p>
            {r.instead && <p className="mt-1 font-medium break-words">{r.instead}</p>}
            {r.reason && <p className="mt-1 break-words text-mut">{r.reason}</p>}
            {r.reviewer?.name && <p className="text-2xs text-faint">{t("review.reviewed_by", { name: r.reviewer.name })}</p>}
            {r.state === "open" &&
              (judges && me.id !== r.asker.id && me.id !== r.decider.id ? (
                <Button size="sm" className="mt-1.5" onClick={() => setJudged(r)}>
                  {t("review.judge")}
                </Button>
              ) : (
                <p className="mt-1 text-2xs text-warn">{t("review.waits")}</p>
              ))}
          </li>
        ))}
      </ul>
      {asks && !items.some((r) => r.state === "open") && (
        <Button size="sm" variant="ghost" className="mt-2" icon={<Scale size={13} aria-hidden="true" />} onClick={() => setAsking(true)}>
          {t("review.ask")}
        </Button>
      )}
      {asking && <AskDialog of={of} id={id} onClose={() => setAsking(false)} />}
      {judged && <JudgeDialog review={judged} id={id} onClose={() => setJudged(undefined)} />}
    </>
  );
}

function useSaved(id: ID, text: string, onClose: () => void) {
  const toast = useToast();
  return {
    onSuccess() {
      void queryClient.invalidateQueries({ queryKey: keys.reviews(id) });
      toast({ text, tone: "ok" });
      onClose();
    },
    onError: (err: Error) => toast({ text: problem(err).text, tone: "bad" }),
  };
}

function AskDialog({ of, id, onClose }: { of: Of; id: ID; onClose: () => void }) {
  const { t } = useTranslation();
  const [client] = useState(newClientId);
  const [decision, setDecision] = useState("");
  const [why, setWhy] = useState("");
  const [customer, setCustomer] = useState(false);
  const [checked, setChecked] = useState(false);
  const ask = useMutation({ mutationFn: () => api.reviews.ask(of, id, { client_id: client, decision: decision.trim(), why: why.trim(), customer }), ...useSaved(id, t("review.asked"), onClose) });
  const missing = (text: string) => (checked && !text.trim() ? t("review.required") : undefined);
  function submit() {
    setChecked(true);
    if (decision.trim() && why.trim() && !ask.isPending) ask.mutate();
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("review.ask_title")}
      description={t("review.ask_hint")}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" loading={ask.isPending}>
            {t("review.submit")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t("review.decision")} required hint={t("review.decision_hint")} error={missing(decision)}>
          <Textarea minRows={2} maxLength={2000} value={decision} onChange={(e) => setDecision(e.target.value)} />
        </Field>
        <Field label={t("review.why")} required error={missing(why)}>
          <Textarea minRows={2} maxLength={2000} value={why} onChange={(e) => setWhy(e.target.value)} />
        </Field>
        <Checkbox checked={customer} onChange={setCustomer} label={t("review.customer")} />
      </div>
    </Dialog>
  );
}

function JudgeDialog({ review: r, id, onClose }: { review: Review; id: ID; onClose: () => void }) {
  const { t } = useTranslation();
  const [what, setWhat] = useState<"uphold" | "replace">("uphold");
  const [instead, setInstead] = useState("");
  const [reason, setReason] = useState("");
  const [checked, setChecked] = useState(false);
  const replace = what === "replace";
  const judge = useMutation({ mutationFn: () => api.reviews.judge(r.id, { replace, instead: replace ? instead.trim() : undefined, reason: reason.trim() }), ...useSaved(id, t("review.judged"), onClose) });
  const missing = (text: string) => (checked && !text.trim() ? t("review.required") : undefined);
  function submit() {
    setChecked(true);
    if (reason.trim() && (!replace || instead.trim()) && !judge.isPending) judge.mutate();
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("review.judge_title")}
      description={r.decision}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" loading={judge.isPending}>
            {t("common.save")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-sm text-mut">{r.why}</p>
        <Segmented label={t("review.judge_title")} value={what} onChange={setWhat} choices={(["uphold", "replace"] as const).map((value) => ({ value, label: t(`review.${value}`) }))} />
        {replace && (
          <Field label={t("review.instead")} required error={missing(instead)}>
            <Textarea minRows={2} maxLength={2000} value={instead} onChange={(e) => setInstead(e.target.value)} />
          </Field>
        )}
        <Field label={t("review.reason")} required error={missing(reason)}>
          <Textarea minRows={2} maxLength={2000} value={reason} onChange={(e) => setReason(e.target.value)} />
        </Field>
      </div>
    </Dialog>
  );
}

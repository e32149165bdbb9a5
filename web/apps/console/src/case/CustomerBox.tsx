import { api, type CaseDetail } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, buttonClass, CopyButton, Section } from "@yingda/ui";
import { Link } from "@tanstack/react-router";
import { MessagesSquare, UserRound } from "lucide-react";
import { useState } from "react";
import { fieldErrors, useChange } from "../form/failure";
import { FormDrawer } from "../form/FormDrawer";
import { can, keys, useAgents, useMe } from "../query";
import { VerificationSection } from "../verification/VerificationSection";
import { AgentField } from "./Assignee";
import { Fact } from "./CasePage";
import { Reach } from "./Reach";

/** Who handed it in and how to reach them, who works on it, and what the customer needs to look it up. */
export function CustomerBox({ detail: { case: c, secret } }: { detail: CaseDetail }) {
  const { t } = useTranslation();
  const me = useMe();
  const agents = useAgents();
  const [accusing, setAccusing] = useState(false);
  const nameOfAgent = (id: string) => agents.data?.items.find((each) => each.id === id)?.name ?? id;
  return (
    <Section title={t("cases.customer.title")}>
      <dl className="flex flex-col gap-1.5 text-sm">
        <Fact name={t("cases.from")}>{c.name || "—"}</Fact>
        {(["phone", "email"] as const).map(
          (field) =>
            c[field] && (
              <Fact key={field} name={t(`cases.${field}`)}>
                <Reach of={c} field={field} label={t(`cases.${field}`)} value={c[field]} />
              </Fact>
            ),
        )}
        <Fact name={t("cases.agent")}>{c.course.agent_name ?? t("cases.nobody")}</Fact>
        {Boolean(c.course.investigators?.length) && <Fact name={t("cases.customer.investigators")}>{c.course.investigators!.map(nameOfAgent).join("、")}</Fact>}
        {c.course.accused_id && <Fact name={t("cases.customer.accused")}>{nameOfAgent(c.course.accused_id)}</Fact>}
      </dl>
      <div className="mt-3 flex flex-wrap gap-2">
        {c.contact_id && can(me, "contact.read") && (
          <Link to="/contacts/$id" params={{ id: c.contact_id }} className={buttonClass("default", "sm")}>
            <UserRound size={13} aria-hidden="true" />
            {t("cases.open_contact")}
          </Link>
        )}
        {c.conversation_id && can(me, "conversation.read") && (
          <Link to="/inbox/$view/{-$id}" params={{ view: "all", id: c.conversation_id }} className={buttonClass("default", "sm")}>
            <MessagesSquare size={13} aria-hidden="true" />
            {t("cases.open_conversation")}
          </Link>
        )}
        {c.kind === "complaint" && !c.over && !c.course.accused_id && can(me, "complaint.staff.read") && can(me, "case.edit") && (
          <Button size="sm" onClick={() => setAccusing(true)}>
            {t("cases.customer.accuse")}
          </Button>
        )}
      </div>
      {c.contact_id && can(me, "contact.read") && (
        <div className="mt-3 border-t pt-3">
          <VerificationSection contact={c.contact_id} place={{ case_id: c.id }} />
        </div>
      )}
      {secret && (
        <div className="mt-3 rounded-lg border bg-raise p-3">
          <div className="flex items-center gap-2">
            <span className="text-xs text-faint">{t("cases.customer.secret")}</span>
            <code className="min-w-0 flex-1 font-mono text-sm tracking-wider select-all">{secret}</code>
            <CopyButton text={`${c.number} ${secret}`} iconOnly />
          </div>
          <p className="mt-1 text-2xs text-faint">{t("cases.customer.secret_hint")}</p>
        </div>
      )}
      {accusing && <AccuseDialog id={c.id} onClose={() => setAccusing(false)} />}
    </Section>
  );
}

function AccuseDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [agent, setAgent] = useState<string>();
  const save = useChange(() => api.cases.accuse(id, agent ?? ""), { done: t("cases.customer.accused_done"), stale: [keys.case(id), keys.caseLists], onDone: onClose, quiet: true });
  return (
    <FormDrawer look="dialog" title={t("cases.customer.accuse")} description={t("cases.handin.accused_hint")} dirty={agent !== undefined} saving={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <AgentField label={t("cases.customer.accused")} value={agent} onChange={setAgent} required error={fieldErrors(save.error).agent_id} />
    </FormDrawer>
  );
}

import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { flows, stepKinds, type EditProblem, type Flow, type FlowBook, type FlowSeam } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, ConfirmDialog, Field, IconButton, Input, Menu, Pill, Select, Switch, Tabs, buttonClass } from "@yingda/ui";
import { ArrowLeft, Plus, Save, Undo2, Upload } from "lucide-react";
import { useState } from "react";
import { BilingualField } from "../form/BilingualField";
import { LeaveGuard } from "../form/LeaveGuard";
import { isConflict, useChange } from "../form/failure";
import { can, useMe } from "../query";
import { ClashDialog, Problems, PublishDialog, useSaveKey } from "../edited/parts";
import { VersionsPanel, useVersionName } from "../edited/VersionsPanel";
import { FlowGraph } from "./FlowGraph";
import { StandingPill } from "./FlowsPane";
import { RehearsalPanel, ScriptsPanel } from "./RehearsalPanel";
import { SlotsForm } from "./SlotsForm";
import { StepForm } from "./StepForm";
import { WordLines } from "../edited/WordLines";
import { addStep } from "./edit";
import { flowKeys } from "./keys";

type Tab = "step" | "slots" | "about" | "try" | "scripts" | "versions";

/** A flow as it is being written: its picture, and beside it the part that is open. What is published stays until the draft is. */
export function FlowEditor({ book, seams }: { book: FlowBook; seams: readonly FlowSeam[] }) {
  const { t } = useTranslation();
  const lang = currentLanguage();
  const me = useMe();
  const named = useVersionName();
  const edits = can(me, "knowledge.edit");
  const publishes = can(me, "knowledge.publish");
  const saved = (book.changing ?? book.published)!;
  const [edited, setEdited] = useState<Flow>();
  const flow = edited ?? saved;
  const dirty = edited !== undefined && JSON.stringify(edited) !== JSON.stringify(saved);
  const [tab, setTab] = useState<Tab>("step");
  const [openStep, setOpenStep] = useState<string | undefined>(saved.steps[0]?.id);
  const [openSlot, setOpenSlot] = useState<string>();
  const [publishing, setPublishing] = useState(false);
  const [dropping, setDropping] = useState(false);
  const [clash, setClash] = useState(false);
  const take = useTake(book.id);
  const navigate = useNavigate();
  const save = useChange((rev: number) => flows.draft(book.id, rev, flow), {
    done: t("flow.saved"),
    onDone: (next) => {
      take(next);
      setEdited(undefined);
    },
    onFail: (error) => setClash(isConflict(error)),
  });
  const drop = useChange(() => flows.drop(book.id, book.rev), {
    done: t("flow.dropped"),
    stale: book.version > 0 ? [flowKeys.all] : [flowKeys.list],
    onDone: () => (book.version > 0 ? setEdited(undefined) : void navigate({ to: "/knowledge/{-$section}/{-$id}", params: { section: "flows", id: undefined } })),
  });
  const rest = useChange((rests: boolean) => flows.rests(book.id, rests), { onDone: take });
  useSaveKey(dirty && !save.isPending, () => save.mutate(book.rev));

  const step = flow.steps.find(({ id }) => id === openStep) ?? flow.steps[0];
  const problems = book.problems;
  const wrong = new Set(problems.flatMap(({ at }) => (at.startsWith("steps.") ? [saved.steps[Number(at.split(".")[1])]?.id ?? ""] : [])));
  function show({ at }: EditProblem) {
    const [part, i] = at.split(".");
    if (part === "steps") {
      setOpenStep(saved.steps[Number(i)]?.id);
      setTab("step");
    } else if (part === "slots") {
      setOpenSlot(saved.slots[Number(i)]?.id);
      setTab("slots");
    } else setTab(part === "scripts" ? "scripts" : "about");
  }

  return (
    <>
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b bg-panel px-4 py-2.5">
        <Link to="/knowledge/{-$section}/{-$id}" params={{ section: "flows", id: undefined }} className={buttonClass("ghost", "sm")} aria-label={t("flow.back")}>
          <ArrowLeft size={15} aria-hidden="true" />
        </Link>
        <h2 className="truncate text-base font-semibold">{flow.name[lang] || flow.id}</h2>
        <StandingPill standing={book} />
        <Pill>{named(book.version)}</Pill>
        {(book.changing || dirty) && <Pill tone="warn">{dirty ? t("flow.unsaved") : t("flow.draft_of", { version: named(book.base) })}</Pill>}
        <span className="ml-auto flex flex-wrap items-center gap-2">
          {publishes && book.version > 0 && <Switch checked={!book.rests} onChange={(on) => rest.mutate(!on)} label={t("flow.on")} disabled={rest.isPending} />}
          {edits && dirty && <IconButton label={t("flow.undo")} icon={<Undo2 size={15} />} onClick={() => setEdited(undefined)} />}
          {edits && book.changing && !dirty && (
            <Button variant="ghost" onClick={() => setDropping(true)}>
              {t("flow.drop")}
            </Button>
          )}
          {edits && (
            <Button icon={<Save size={14} />} disabled={!dirty} loading={save.isPending} onClick={() => save.mutate(book.rev)}>
              {t("flow.save")}
            </Button>
          )}
          {publishes && (
            <Button variant="primary" icon={<Upload size={14} />} disabled={!book.changing || dirty || problems.length > 0} onClick={() => setPublishing(true)}>
              {t("flow.publish")}
            </Button>
          )}
        </span>
      </header>
      {problems.length > 0 && !dirty && <Problems problems={problems} onShow={show} />}
      <div className="flex min-h-0 flex-1 max-xl:flex-col max-xl:overflow-y-auto">
        <div className="scroll relative min-h-0 min-w-0 flex-1 overflow-auto max-xl:max-h-[50vh] max-xl:shrink-0 max-xl:border-b" tabIndex={-1}>
          {edits && (
            <div className="sticky top-0 left-0 z-10 flex w-fit p-3">
              <Menu
                label={t("flow.add_step")}
                align="start"
                trigger={
                  <Button size="sm" icon={<Plus size={14} />}>
                    {t("flow.add_step")}
                  </Button>
                }
                groups={[
                  stepKinds.map((kind) => ({
                    label: t(`flow.kinds.${kind}`),
                    onSelect: () => {
                      const added = addStep(flow, flow.steps.findIndex(({ id }) => id === step?.id), kind);
                      setEdited(added.flow);
                      setOpenStep(added.id);
                      setTab("step");
                    },
                  })),
                ]}
              />
            </div>
          )}
          <FlowGraph
            flow={flow}
            open={tab === "step" ? step?.id : undefined}
            wrong={wrong}
            onOpen={(id) => {
              setOpenStep(id);
              setTab("step");
            }}
          />
        </div>
        <section aria-label={t("flow.parts")} className="scroll min-h-0 overflow-y-auto border-l bg-panel px-5 pb-6 xl:w-[440px] xl:shrink-0 max-xl:overflow-visible max-xl:border-l-0">
          <Tabs<Tab> label={t("flow.parts")} value={tab} onChange={setTab} items={(["step", "slots", "about", "try", "scripts", "versions"] as const).map((value) => ({ value, label: t(`flow.tabs.${value}`) }))} listClassName="overflow-x-auto">
            <div className="pt-4">
              {tab === "step" && step && <StepForm flow={flow} step={step} seams={seams} onChange={setEdited} onOpen={setOpenStep} disabled={!edits} />}
              {tab === "slots" && <SlotsForm flow={flow} open={openSlot} onOpen={setOpenSlot} onChange={setEdited} disabled={!edits} />}
              {tab === "about" && <AboutForm flow={flow} onChange={setEdited} disabled={!edits} />}
              {tab === "try" && (
                <RehearsalPanel
                  flow={flow}
                  seams={seams}
                  onKeep={
                    edits
                      ? (script) => {
                          setEdited({ ...flow, scripts: [...(flow.scripts ?? []), script] });
                          setTab("scripts");
                        }
                      : undefined
                  }
                />
              )}
              {tab === "scripts" && <ScriptsPanel flow={flow} onChange={setEdited} disabled={!edits} wrong={problems.filter(({ at }) => at === "scripts").map(({ text }) => text[lang])} />}
              {tab === "versions" && <VersionsPanel book={book} now={flow} read={(version) => flows.version(book.id, version)} name={flowKeys.one(book.id)} onTake={edits ? (was) => setEdited({ ...was, version: saved.version }) : undefined} />}
            </div>
          </Tabs>
        </section>
      </div>
      <LeaveGuard dirty={dirty} />
      {publishing && (
        <PublishDialog
          hint={t("flow.publish_hint")}
          publish={(note) => flows.publish(book.id, book.rev, note)}
          onDone={(next) => {
            take(next);
            setPublishing(false);
          }}
          onClose={() => setPublishing(false)}
        />
      )}
      <ConfirmDialog open={dropping} onOpenChange={setDropping} title={t("flow.drop")} description={book.version > 0 ? t("flow.drop_hint") : t("flow.drop_all_hint")} confirmLabel={t("flow.drop")} danger onConfirm={() => drop.mutateAsync()} />
      <ClashDialog
        open={clash}
        onOpenChange={setClash}
        onTheirs={() => {
          setEdited(undefined);
          take();
        }}
        onMine={() => void flows.get(book.id).then((theirs) => save.mutate(theirs.rev))}
      />
    </>
  );
}

/** Puts a flow as the server has it in the place of the one that was read; reads it again when none is given. */
function useTake(id: string): (book?: FlowBook) => void {
  const queries = useQueryClient();
  return (book) => {
    if (book) queries.setQueryData(flowKeys.one(id), book);
    else void queries.invalidateQueries({ queryKey: flowKeys.one(id) });
    void queries.invalidateQueries({ queryKey: flowKeys.list });
  };
}

function AboutForm({ flow, onChange, disabled }: { flow: Flow; onChange: (flow: Flow) => void; disabled?: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-4">
      <BilingualField label={t("flow.name")} maxLength={60} value={flow.name} onChange={(name) => onChange({ ...flow, name })} disabled={disabled} />
      <Field label={t("aids.guide.audience")} hint={t("aids.guide.audience_hint")}>
        <Select
          disabled={disabled}
          value={flow.audience ?? "customers"}
          onChange={(audience) => onChange({ ...flow, audience: audience === "customers" ? undefined : audience })}
          options={(["customers", "agents", "both"] as const).map((value) => ({ value, label: t(`aids.guide.audiences.${value}`) }))}
        />
      </Field>
      <WordLines label={t("flow.triggers")} hint={t("flow.triggers_hint")} value={flow.triggers} onChange={(triggers) => onChange({ ...flow, triggers })} disabled={disabled} />
      <WordLines label={t("flow.signs")} hint={t("flow.signs_hint")} value={flow.signs} onChange={(signs) => onChange({ ...flow, signs })} disabled={disabled} />
      <WordLines label={t("flow.phrasings")} hint={t("flow.phrasings_hint")} value={flow.phrasings} onChange={(phrasings) => onChange({ ...flow, phrasings })} disabled={disabled} />
      <BilingualField label={t("flow.cancelled")} long maxLength={1000} value={flow.cancelled} onChange={(cancelled) => onChange({ ...flow, cancelled })} disabled={disabled} />
      <Field label={t("flow.minutes")} hint={t("flow.minutes_hint")}>
        <Input type="number" inputMode="numeric" min={1} max={1440} value={flow.minutes ?? ""} placeholder="30" onChange={(event) => onChange({ ...flow, minutes: event.target.value ? Math.max(0, Math.floor(Number(event.target.value))) : undefined })} disabled={disabled} />
      </Field>
    </div>
  );
}


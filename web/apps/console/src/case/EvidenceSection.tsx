import { api, type CaseDetail, type CustodyAct, type Exhibit } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, CopyButton, Field, IconButton, Input, Menu, Pill, Section } from "@yingda/ui";
import { ChevronRight, Eye, FileText, Image as ImageIcon, Mic, MoreHorizontal, Paperclip, ShieldAlert, ShieldCheck, Video } from "lucide-react";
import { useRef, useState } from "react";
import { acceptedTypes, Uploads, useUploads } from "../conversation/uploads";
import { fileSize } from "../conversation/Attachments";
import { useChange } from "../form/failure";
import { FormDrawer } from "../form/FormDrawer";
import { whenText } from "../form/when";
import { keys } from "../query";

interface Asked {
  piece: Exhibit;
  act: Extract<CustodyAct, "exported" | "passed_on">;
}

/** Files that prove something, with their fingerprints, whether the chain is whole, and who had them. */
export function EvidenceSection({ detail, edits }: { detail: CaseDetail; edits: boolean }) {
  const { t } = useTranslation();
  const { case: c, evidence, evidence_broken: broken, custody } = detail;
  const [asked, setAsked] = useState<Asked>();
  const input = useRef<HTMLInputElement>(null);
  const prove = useChange((id: string) => api.cases.prove(c.id, [id]), { done: t("cases.evidence.uploaded"), stale: [keys.case(c.id)] });
  const uploads = useUploads("case", (file) => prove.mutate(file.id));
  const hold = useChange((body: { evidence: string; act: CustodyAct; note?: string }) => api.cases.hold(c.id, body), { stale: [keys.case(c.id)] });
  const check = useChange((piece: Exhibit) => api.cases.hold(c.id, { evidence: piece.seal, act: "checked" }), { done: t("cases.evidence.recorded"), stale: [keys.case(c.id)] });

  function view(piece: Exhibit) {
    if (edits) hold.mutate({ evidence: piece.seal, act: "viewed" });
    window.open(`/api/v1/attachments/${piece.file_id}`, "_blank", "noopener");
  }
  return (
    <Section
      title={
        <span className="flex flex-wrap items-center gap-2">
          {t("cases.evidence.title")}
          {evidence.length > 0 &&
            (broken < 0 ? (
              <Pill tone="ok" icon={<ShieldCheck size={11} aria-hidden="true" />}>
                {t("cases.evidence.whole")}
              </Pill>
            ) : (
              <Pill tone="bad" icon={<ShieldAlert size={11} aria-hidden="true" />}>
                {t("cases.evidence.broken", { n: broken + 1 })}
              </Pill>
            ))}
        </span>
      }
      actions={
        edits && (
          <>
            <input
              ref={input}
              type="file"
              multiple
              hidden
              accept={acceptedTypes}
              onChange={(event) => {
                uploads.add([...(event.target.files ?? [])]);
                event.target.value = "";
              }}
            />
            <Button size="sm" icon={<Paperclip size={13} aria-hidden="true" />} loading={uploads.running} onClick={() => input.current?.click()}>
              {t("cases.evidence.add")}
            </Button>
          </>
        )
      }
    >
      <Uploads uploads={uploads} attachments={[]} onRemove={() => {}} />
      {evidence.length === 0 ? (
        <p className="text-xs text-faint">{t("cases.evidence.empty")}</p>
      ) : (
        <ul className="flex flex-col divide-y">
          {evidence.map((piece, i) => (
            <li key={piece.seal} className="flex items-start gap-3 py-2.5 first:pt-0">
              <span className={`mt-0.5 grid size-8 shrink-0 place-items-center rounded-lg ${broken >= 0 && i >= broken ? "bg-bad-soft text-bad" : "bg-line2 text-mut"}`}>
                <FileIcon type={piece.type} />
              </span>
              <div className="min-w-0 flex-1">
                <div className="flex items-baseline gap-2">
                  <span className="truncate text-sm font-medium">{piece.name}</span>
                  <span className="num shrink-0 text-2xs text-faint">{fileSize(piece.size)}</span>
                </div>
                <p className="text-xs text-mut">{t("cases.evidence.added", { name: piece.added_by, at: whenText(piece.at) })}</p>
                <p className="flex items-center gap-1 text-2xs text-faint">
                  {t("cases.evidence.hash")}
                  <code className="min-w-0 truncate font-mono">{piece.sha256}</code>
                  <CopyButton text={piece.sha256} label={t("cases.evidence.copy_hash")} iconOnly />
                </p>
              </div>
              <IconButton label={t("cases.evidence.open")} icon={<Eye size={15} />} onClick={() => view(piece)} />
              {edits && (
                <Menu
                  label={piece.name}
                  trigger={
                    <button type="button" aria-label={t("common.more")} className="grid size-7 shrink-0 place-items-center rounded-md text-mut hover:bg-raise hover:text-fg">
                      <MoreHorizontal size={15} aria-hidden="true" />
                    </button>
                  }
                  groups={[
                    [
                      { label: t("cases.evidence.export"), onSelect: () => setAsked({ piece, act: "exported" }) },
                      { label: t("cases.evidence.pass_on"), onSelect: () => setAsked({ piece, act: "passed_on" }) },
                      { label: t("cases.evidence.check"), onSelect: () => check.mutate(piece) },
                    ],
                  ]}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {custody.length > 0 && (
        <details className="group mt-2 border-t pt-3">
          <summary className="flex cursor-pointer list-none items-center gap-1 text-xs text-mut hover:text-fg">
            <ChevronRight size={13} aria-hidden="true" className="group-open:rotate-90" />
            {t("cases.evidence.chain_count", { n: custody.length })}
          </summary>
          <ol className="mt-2 flex flex-col gap-1.5 text-xs">
            {custody.map((line) => (
              <li key={line.seal} className="flex flex-wrap gap-x-2">
                <time dateTime={line.at} className="num text-faint">
                  {whenText(line.at)}
                </time>
                <span>{line.by}</span>
                <span className="font-medium">{t(`cases.evidence.act.${line.act as "viewed"}`)}</span>
                <span className="min-w-0 truncate text-mut">{evidence.find((piece) => piece.seal === line.evidence)?.name}</span>
                {line.note && <span className="basis-full pl-4 text-mut">{line.note}</span>}
              </li>
            ))}
          </ol>
        </details>
      )}
      {asked && <HoldDialog caseId={c.id} asked={asked} onClose={() => setAsked(undefined)} />}
    </Section>
  );
}

function FileIcon({ type }: { type: string }) {
  const Icon = type.startsWith("image/") ? ImageIcon : type.startsWith("audio/") ? Mic : type.startsWith("video/") ? Video : FileText;
  return <Icon size={16} aria-hidden="true" />;
}

/** Says to whom a piece goes before it leaves the house. */
function HoldDialog({ caseId, asked: { piece, act }, onClose }: { caseId: string; asked: Asked; onClose: () => void }) {
  const { t } = useTranslation();
  const [note, setNote] = useState("");
  const save = useChange(() => api.cases.hold(caseId, { evidence: piece.seal, act, note: note.trim() }), {
    done: t("cases.evidence.recorded"),
    stale: [keys.case(caseId)],
    quiet: true,
    onDone() {
      if (act === "exported") {
        const link = document.createElement("a");
        link.href = `/api/v1/attachments/${piece.file_id}`;
        link.download = piece.name;
        link.click();
      }
      onClose();
    },
  });
  return (
    <FormDrawer
      look="dialog"
      title={act === "exported" ? t("cases.evidence.export_title") : t("cases.evidence.pass_on")}
      description={piece.name}
      dirty={note !== ""}
      saving={save.isPending}
      error={save.error}
      submitLabel={act === "exported" ? t("cases.evidence.export") : t("cases.evidence.pass_on")}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <Field label={t("cases.evidence.export_note")} required>
        <Input value={note} onChange={(event) => setNote(event.target.value)} />
      </Field>
    </FormDrawer>
  );
}

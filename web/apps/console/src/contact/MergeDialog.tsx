import { people, type Contact, type MergeLine } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Dialog, Field, Input, RadioGroup } from "@yingda/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { ArrowLeftRight } from "lucide-react";
import { useState } from "react";
import { Loaded, useChange } from "../form/failure";
import { keys, queryClient } from "../query";
import { verified } from "../verification/useVerified";
import { contactChanged, useFieldName } from "./people";

/** Shows what a merge would do, lets the reader choose whose value wins, and merges. */
export default function MergeDialog({ kept: first, other: second, onClose }: { kept: Contact; other: Contact; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [swapped, setSwapped] = useState(false);
  const [take, setTake] = useState<string[]>([]);
  const [why, setWhy] = useState("");
  const [kept, other] = swapped ? [second, first] : [first, second];
  const preview = useQuery({
    queryKey: [...keys.people("preview", kept.id), other.id, take],
    queryFn: () => people.preview(kept.id, other.id, take),
    placeholderData: keepPreviousData,
  });
  const merge = useChange(() => verified(kept.id, "contact.change", {}, (v) => people.merge(kept.id, other.id, take, why.trim(), v)), {
    done: t("contact.merge.done"),
    onDone() {
      contactChanged(queryClient, other.id);
      onClose();
      if (path.startsWith("/contacts/ct_")) void navigate({ to: "/contacts/$id", params: { id: kept.id } });
    },
  });
  return (
    <Dialog
      open
      size="lg"
      onOpenChange={(open) => !open && onClose()}
      title={t("contact.merge.title", { other: other.name, kept: kept.name })}
      description={t("contact.merge.hint")}
      onSubmit={() => !merge.isPending && !preview.data?.refused && merge.mutate()}
      footer={
        <>
          <Button className="mr-auto" icon={<ArrowLeftRight size={14} aria-hidden="true" />} onClick={() => (setSwapped(!swapped), setTake([]))}>
            {t("contact.merge.swap")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" loading={merge.isPending} disabled={!preview.data || preview.isPlaceholderData || Boolean(preview.data.refused)}>
            {t("contact.merge.action")}
          </Button>
        </>
      }
    >
      <Loaded query={preview}>
        {({ lines, moves, refused }) => (
          <div className="flex flex-col gap-4">
            {refused && (
              <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-sm">
                {refused}
              </p>
            )}
            {lines.length > 0 ? (
              <div className="flex flex-col gap-3">
                {lines.map((line) => (
                  <Choice
                    key={line.field}
                    line={line}
                    kept={kept.name}
                    other={other.name}
                    onTake={(takes) => setTake((now) => (takes ? [...now, line.field] : now.filter((field) => field !== line.field)))}
                  />
                ))}
              </div>
            ) : (
              <p className="text-sm text-mut">{t("contact.merge.nothing_differs")}</p>
            )}
            <p className="text-sm text-mut">{t("contact.merge.moves", { ...moves })}</p>
            <Field label={t("contact.merge.why")}>
              <Input value={why} maxLength={200} onChange={(e) => setWhy(e.target.value)} />
            </Field>
          </div>
        )}
      </Loaded>
    </Dialog>
  );
}

function Choice({ line, kept, other, onTake }: { line: MergeLine; kept: string; other: string; onTake: (other: boolean) => void }) {
  const { t } = useTranslation();
  const name = useMergeField()(line.field);
  const value = (text: string) => text.replaceAll("\n", "、") || t("common.none");
  if (!line.choice) {
    return (
      <div className="grid grid-cols-[7rem_1fr] gap-2 text-sm">
        <span className="text-mut">{name}</span>
        <span className="min-w-0 break-words">
          {line.wins === "both" ? t("contact.merge.both", { kept: value(line.kept), other: value(line.other) }) : value(line.wins === "other" ? line.other : line.kept)}
        </span>
      </div>
    );
  }
  return (
    <div className="grid grid-cols-[7rem_1fr] gap-2 text-sm">
      <span className="text-mut">{name}</span>
      <RadioGroup
        inline
        label={name}
        value={line.wins === "other" ? "other" : "kept"}
        onChange={(side) => onTake(side === "other")}
        choices={[
          { value: "kept", label: value(line.kept), hint: kept },
          { value: "other", label: value(line.other), hint: other },
        ]}
      />
    </div>
  );
}

/** The name of a field of a merge. */
export function useMergeField() {
  const { t } = useTranslation();
  const named = useFieldName();
  return (field: string) => {
    if (field.startsWith("attribute.")) return named(field.slice("attribute.".length));
    if (field === "name" || field === "phone" || field === "email" || field === "language") return t(`contact.${field}`);
    return t("contact.tags.title");
  };
}

import { useQuery } from "@tanstack/react-query";
import { ownVersion, type Edition } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, EmptyState, Field, Select, Skeleton } from "@yingda/ui";
import { History, RotateCcw } from "lucide-react";
import { useState } from "react";
import { Loaded } from "../form/failure";
import { fullTime } from "../time";
import { differences } from "./edit";

/** What a version is called: as it comes with the program, or the company's first, second, … */
export function useVersionName(): (version: number) => string {
  const { t } = useTranslation();
  return (version) => (version === 0 ? t("flow.version.none") : version > ownVersion ? t("flow.version.own", { n: version - ownVersion }) : t("flow.version.shipped", { n: version }));
}

export interface VersionsPanelProps<T extends object> {
  book: { versions: readonly Edition[]; shipped: number };
  /** What is being written. */
  now: T;
  /** Reads a version; its name in the query cache. */
  read: (version: number) => Promise<T>;
  name: readonly string[];
  /** Puts a version in the place of what is being written. */
  onTake?: (was: T) => void;
}

/** The versions that were published, and what differs between one of them and what is being written. */
export function VersionsPanel<T extends object>({ book, now, read, name, onTake }: VersionsPanelProps<T>) {
  const { t } = useTranslation();
  const named = useVersionName();
  const all = [...book.versions.map(({ version }) => version), ...(book.shipped > 0 ? [book.shipped] : [])];
  const [version, setVersion] = useState(all[0]);
  const told = book.versions.find((each) => each.version === version);
  if (version === undefined) return <EmptyState className="py-8" icon={<History size={20} />} title={t("flow.versions.empty")} detail={t("flow.versions.empty_hint")} />;
  return (
    <div className="flex flex-col gap-3">
      <Field label={t("flow.versions.compare")}>
        <Select options={all.map((each) => ({ value: String(each), label: named(each) }))} value={String(version)} onChange={(chosen) => setVersion(Number(chosen))} />
      </Field>
      {told && (
        <p className="text-xs text-mut">
          {t("flow.versions.by", { name: told.by_name, time: fullTime(told.at) })}
          {told.note && <span className="block text-fg">{told.note}</span>}
        </p>
      )}
      <Compared version={version} now={now} read={read} name={name} onTake={onTake} />
    </div>
  );
}

function Compared<T extends object>({ version, now, read, name, onTake }: Omit<VersionsPanelProps<T>, "book"> & { version: number }) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: [...name, "version", version], queryFn: () => read(version), staleTime: Infinity, retry: false });
  return (
    <Loaded query={query} skeleton={<Skeleton className="h-20" />}>
      {(was) => {
        const found = differences(was, now);
        return (
          <>
            {found.length === 0 ? (
              <p className="text-xs text-mut">{t("flow.versions.same")}</p>
            ) : (
              <ul aria-label={t("flow.versions.differences")} className="flex flex-col gap-2">
                {found.map(({ path, before, after }) => (
                  <li key={path.join("/")} className="rounded-lg border px-3 py-2 text-xs">
                    <span className="num text-mut">{path.filter(Boolean).join(" · ")}</span>
                    {before !== undefined && <del className="mt-1 block rounded bg-bad-soft px-1.5 py-0.5 whitespace-pre-wrap no-underline">− {before}</del>}
                    {after !== undefined && <ins className="mt-1 block rounded bg-ok-soft px-1.5 py-0.5 whitespace-pre-wrap no-underline">+ {after}</ins>}
                  </li>
                ))}
              </ul>
            )}
            {onTake && found.length > 0 && (
              <Button size="sm" className="self-start" icon={<RotateCcw size={14} />} onClick={() => onTake(was)}>
                {t("flow.versions.take")}
              </Button>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

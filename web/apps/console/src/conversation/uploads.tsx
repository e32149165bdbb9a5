import { upload, uploadForCase, uploadForMail, type Attachment, type ID } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { cn, IconButton } from "@yingda/ui";
import { FileText, Image as ImageIcon, RotateCcw, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { problem } from "../problem";
import { fileSize } from "./Attachments";

const largestMB = 20;
const mostAtOnce = 10;
const refused = /\.(exe|bat|cmd|com|msi|scr|ps1|vbs|js|jar|apk|dll|sh|html?|svg)$/i;

export const acceptedTypes = "image/png,image/jpeg,image/gif,image/webp,video/mp4,video/webm,audio/*,.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.txt,.csv,.zip";

interface Upload {
  key: number;
  file: File;
  part: number;
  why?: string;
}

export type UploadList = ReturnType<typeof useUploads>;

/** Files on their way up, for a conversation, for a case or for a mail that begins one; each becomes an attachment when it has arrived. */
export function useUploads(to: { conversation: ID } | "case" | "mail", onDone: (a: Attachment) => void) {
  const { t } = useTranslation();
  const [items, setItems] = useState<Upload[]>([]);
  const next = useRef(1);
  const aborts = useRef(new Map<number, AbortController>());
  const done = useRef(onDone);
  done.current = onDone;
  useEffect(() => () => aborts.current.forEach((abort) => abort.abort()), []);

  const update = (key: number, change: Partial<Upload>) => setItems((now) => now.map((u) => (u.key === key ? { ...u, ...change } : u)));
  const remove = (key: number) => {
    aborts.current.get(key)?.abort();
    aborts.current.delete(key);
    setItems((now) => now.filter((u) => u.key !== key));
  };

  function complaint(file: File): string | undefined {
    if (file.size > largestMB * 1024 * 1024) return t("conversation.composer.too_large", { n: largestMB });
    if (refused.test(file.name)) return t("conversation.composer.bad_type");
    return undefined;
  }

  async function run(u: Upload) {
    const abort = new AbortController();
    aborts.current.set(u.key, abort);
    update(u.key, { part: 0, why: undefined });
    try {
      const progress = (part: number) => update(u.key, { part });
      const attachment = await (to === "case" ? uploadForCase(u.file, progress, abort.signal) : to === "mail" ? uploadForMail(u.file, progress, abort.signal) : upload(to.conversation, u.file, progress, abort.signal));
      remove(u.key);
      done.current(attachment);
    } catch (err) {
      if (!abort.signal.aborted) update(u.key, { why: problem(err).text });
    }
  }

  function add(files: File[]) {
    const room = Math.max(0, mostAtOnce - items.length);
    files.forEach((file, i) => {
      const why = i >= room ? t("conversation.composer.too_many", { n: mostAtOnce }) : complaint(file);
      const u: Upload = { key: next.current++, file, part: 0, why };
      setItems((now) => [...now, u]);
      if (!why) void run(u);
    });
  }

  return { items, add, remove, retry: (u: Upload) => void run(u), running: items.some((u) => !u.why) };
}

export function Uploads({ uploads, attachments, onRemove }: { uploads: UploadList; attachments: Attachment[]; onRemove: (a: Attachment) => void }) {
  const { t } = useTranslation();
  if (uploads.items.length === 0 && attachments.length === 0) return null;
  return (
    <ul aria-label={t("conversation.composer.attach")} className="flex flex-wrap gap-1.5 px-3 pb-1.5">
      {attachments.map((a) => (
        <li key={a.id} className="flex h-9 max-w-56 items-center gap-2 rounded-lg border bg-panel pr-1 pl-2">
          {a.kind === "image" ? <img src={a.thumb_url ?? a.url} alt="" className="size-6 rounded object-cover" /> : <FileText size={15} className="shrink-0 text-mut" aria-hidden="true" />}
          <span className="min-w-0">
            <span className="block truncate text-xs leading-4">{a.name}</span>
            <span className="num block text-2xs leading-3 text-faint">{fileSize(a.size)}</span>
          </span>
          <IconButton size="sm" tooltip="none" label={t("conversation.composer.remove_file", { name: a.name })} icon={<X size={13} />} onClick={() => onRemove(a)} />
        </li>
      ))}
      {uploads.items.map((u) => (
        <li key={u.key} className={cn("relative flex h-9 max-w-72 items-center gap-2 overflow-hidden rounded-lg border bg-panel pr-1 pl-2", u.why && "border-bad")}>
          {u.file.type.startsWith("image/") ? <ImageIcon size={15} className="shrink-0 text-mut" aria-hidden="true" /> : <FileText size={15} className="shrink-0 text-mut" aria-hidden="true" />}
          <span role={u.why ? "alert" : undefined} className={cn("min-w-0 truncate text-xs", u.why ? "text-bad" : "num text-mut")}>
            {u.why ? t("conversation.composer.upload_failed", { name: u.file.name, why: u.why }) : t("conversation.composer.uploading", { name: u.file.name, n: Math.round(u.part * 100) })}
          </span>
          {u.why && <IconButton size="sm" tooltip="none" label={t("common.retry")} icon={<RotateCcw size={13} />} onClick={() => uploads.retry(u)} />}
          <IconButton size="sm" tooltip="none" label={t("conversation.composer.remove_file", { name: u.file.name })} icon={<X size={13} />} onClick={() => uploads.remove(u.key)} />
          {!u.why && <span className="absolute bottom-0 left-0 h-0.5 bg-brand transition-[width]" style={{ width: `${u.part * 100}%` }} aria-hidden="true" />}
        </li>
      ))}
    </ul>
  );
}

import type { Attachment } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { cn } from "@yingda/ui";
import { FileText, LoaderCircle, ShieldAlert } from "lucide-react";

export function Attachments({ items, onImage, end }: { items?: Attachment[]; onImage: (a: Attachment) => void; end?: boolean }) {
  if (!items?.length) return null;
  return (
    <div className={cn("mt-1 flex flex-wrap gap-1.5", end && "justify-end")}>
      {items.map((a) => (
        <One key={a.id} attachment={a} onImage={onImage} />
      ))}
    </div>
  );
}

function One({ attachment: a, onImage }: { attachment: Attachment; onImage: (a: Attachment) => void }) {
  const { t } = useTranslation();
  if (a.scan === "infected" || a.scan === "pending") {
    const Icon = a.scan === "infected" ? ShieldAlert : LoaderCircle;
    return (
      <span className={cn("flex items-center gap-2 rounded-lg border px-3 py-2 text-xs", a.scan === "infected" ? "bg-bad-soft text-bad" : "bg-panel text-mut")}>
        <Icon size={15} aria-hidden="true" />
        {a.name} · {t(`conversation.attachment.${a.scan}`)}
      </span>
    );
  }
  if (a.kind === "image") {
    const box = fit(a.width ?? 240, a.height ?? 180, 240, 200);
    return (
      <button type="button" onClick={() => onImage(a)} aria-label={t("conversation.attachment.open", { name: a.name })} className="grid min-h-12 min-w-12 place-items-center overflow-hidden rounded-xl border bg-line2">
        <img src={a.thumb_url ?? a.url} alt="" width={box.width} height={box.height} loading="lazy" className="block object-cover" />
      </button>
    );
  }
  if (a.kind === "video") return <video src={a.url} controls preload="metadata" aria-label={a.name} className="max-h-60 max-w-full rounded-xl border bg-black" />;
  if (a.kind === "audio") return <audio src={a.url} controls preload="metadata" aria-label={a.name} className="h-10 max-w-full" />;
  return (
    <a href={a.url} download={a.name} aria-label={t("conversation.attachment.download", { name: a.name })} className="flex max-w-full min-w-0 items-center gap-2.5 rounded-lg border bg-panel px-3 py-2 text-fg hover:bg-raise">
      <FileText size={18} className="shrink-0 text-mut" aria-hidden="true" />
      <span className="min-w-0">
        <span className="block truncate text-sm">{a.name}</span>
        <span className="num block text-2xs text-faint">{fileSize(a.size)}</span>
      </span>
    </a>
  );
}

function fit(width: number, height: number, maxWidth: number, maxHeight: number) {
  const scale = Math.min(1, maxWidth / width, maxHeight / height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

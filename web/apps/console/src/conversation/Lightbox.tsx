import type { Attachment } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { ChevronLeft, ChevronRight, Download, X, ZoomIn, ZoomOut, type LucideIcon } from "lucide-react";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";

const steps = [1, 1.5, 2, 3, 5];

/** The pictures of a conversation, large: arrows turn, plus and minus zoom, Esc leaves. */
export default function Lightbox({ images, first, onClose }: { images: Attachment[]; first: Attachment; onClose: () => void }) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  const [at, setAt] = useState(() => Math.max(0, images.findIndex((a) => a.id === first.id)));
  const [zoom, setZoom] = useState(0);
  const image = images[at] ?? first;
  useEffect(() => {
    dialog.current?.showModal();
  }, []);

  function turn(by: number) {
    const next = at + by;
    if (next < 0 || next >= images.length) return;
    setAt(next);
    setZoom(0);
  }
  const scale = (by: number) => setZoom((now) => Math.min(steps.length - 1, Math.max(0, now + by)));

  function onKey(event: KeyboardEvent) {
    if (event.key === "ArrowLeft") turn(-1);
    else if (event.key === "ArrowRight") turn(1);
    else if (event.key === "+" || event.key === "=") scale(1);
    else if (event.key === "-") scale(-1);
  }

  return (
    <dialog ref={dialog} aria-label={image.name} onClose={onClose} onKeyDown={onKey} className="m-0 h-dvh max-h-none w-dvw max-w-none bg-[#0b0d12]/95 p-0 text-white backdrop:bg-transparent">
      <div className="flex h-full flex-col">
        <div className="flex h-12 shrink-0 items-center gap-1 px-4">
          <span className="min-w-0 truncate text-sm">{image.name}</span>
          {images.length > 1 && <span className="num ml-2 shrink-0 text-xs text-white/75">{t("conversation.attachment.counter", { i: at + 1, n: images.length })}</span>}
          <span className="flex-1" />
          <Tool icon={ZoomOut} label={t("conversation.attachment.zoom_out")} disabled={zoom === 0} onClick={() => scale(-1)} />
          <Tool icon={ZoomIn} label={t("conversation.attachment.zoom_in")} disabled={zoom === steps.length - 1} onClick={() => scale(1)} />
          <a href={image.url} download={image.name} aria-label={t("conversation.attachment.download", { name: image.name })} className="grid size-9 place-items-center rounded-md hover:bg-white/15">
            <Download size={18} aria-hidden="true" />
          </a>
          <Tool icon={X} label={t("common.close")} onClick={onClose} />
        </div>
        <div className="relative min-h-0 flex-1">
          <div className="scroll grid h-full place-items-center overflow-auto p-4" tabIndex={0}>
            <img src={image.url} alt={image.name} style={zoom === 0 ? undefined : { width: `${steps[zoom]! * 80}vw`, maxWidth: "none" }} className={zoom === 0 ? "max-h-full max-w-full object-contain" : ""} />
          </div>
          {at > 0 && (
            <div className="absolute top-1/2 left-3 -translate-y-1/2">
              <Tool icon={ChevronLeft} label={t("conversation.attachment.previous")} onClick={() => turn(-1)} />
            </div>
          )}
          {at < images.length - 1 && (
            <div className="absolute top-1/2 right-3 -translate-y-1/2">
              <Tool icon={ChevronRight} label={t("conversation.attachment.next")} onClick={() => turn(1)} />
            </div>
          )}
        </div>
      </div>
    </dialog>
  );
}

function Tool({ icon: Icon, label, onClick, disabled }: { icon: LucideIcon; label: string; onClick: () => void; disabled?: boolean }) {
  return (
    <button type="button" aria-label={label} title={label} disabled={disabled} onClick={onClick} className="grid size-9 place-items-center rounded-md bg-black/30 hover:bg-white/15 disabled:opacity-40">
      <Icon size={18} aria-hidden="true" />
    </button>
  );
}

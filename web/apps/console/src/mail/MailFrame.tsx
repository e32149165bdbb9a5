import { mails, type ID } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button } from "@yingda/ui";
import { ImageOff } from "lucide-react";
import { useRef, useState } from "react";
import { useOriginal } from "./writing";

/** The formatted text of a mail in a frame where nothing can run; pictures of others only when asked for. */
export function MailFrame({ message }: { message: ID }) {
  const original = useOriginal(message, true);
  const [pictures, setPictures] = useState(false);
  return (
    <>
      <RemotePictures n={original.data?.remote ?? 0} shown={pictures} onShow={() => setPictures(true)} />
      <SafeFrame key={String(pictures)} src={mails.page(message, pictures)} />
    </>
  );
}

export function RemotePictures({ n, shown, onShow }: { n: number; shown: boolean; onShow: () => void }) {
  const { t } = useTranslation();
  if (n === 0) return null;
  return (
    <p role="status" className="mb-1.5 flex flex-wrap items-center gap-2 rounded-lg bg-raise px-2.5 py-1.5 text-xs text-mut">
      <ImageOff size={13} className="shrink-0" aria-hidden="true" />
      <span className="min-w-0 flex-1">{shown ? t("mail.pictures.shown") : t("mail.pictures.hint", { n })}</span>
      {!shown && (
        <Button size="sm" onClick={onShow}>
          {t("mail.pictures.show")}
        </Button>
      )}
    </p>
  );
}

const tallest = 4_000;

/** A page of ours with a stranger's text. It has our origin only so that its height can be read: without scripts nothing in it can use that. */
export function SafeFrame({ src }: { src: string }) {
  const { t } = useTranslation();
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(160);
  function fit() {
    const page = frame.current?.contentDocument?.documentElement;
    if (page) setHeight(Math.min(tallest, Math.max(60, page.scrollHeight)));
  }
  return (
    <iframe
      ref={frame}
      title={t("mail.formatted.title")}
      src={src}
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      referrerPolicy="no-referrer"
      onLoad={() => {
        fit();
        const body = frame.current?.contentDocument?.body;
        if (body) new ResizeObserver(fit).observe(body);
      }}
      style={{ height }}
      className="w-full rounded-lg border bg-white"
    />
  );
}

import { calls } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { ConfirmDialog, IconButton, useToast } from "@yingda/ui";
import { Phone } from "lucide-react";
import { useState } from "react";
import { problem } from "../problem";
import { connect } from "./line";

/** Calls a number that stands on the page, after it was asked once more. */
export function CallNumber({ number, name }: { number: string; name: string }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  async function dial() {
    if (!(await connect())) return;
    try {
      await calls.dial(number);
      toast({ text: t("phone.dial.done", { number }), tone: "ok" });
    } catch (err) {
      toast({ text: problem(err).text, tone: "bad" });
    }
  }
  return (
    <>
      <IconButton size="sm" label={t("phone.dial.contact")} icon={<Phone size={13} />} onClick={() => setAsking(true)} />
      {asking && <ConfirmDialog open onOpenChange={(open) => !open && setAsking(false)} title={t("phone.dial.title", { name: name || number })} description={`${number} · ${t("phone.dial.hint")}`} confirmLabel={t("phone.dial.submit")} onConfirm={dial} />}
    </>
  );
}

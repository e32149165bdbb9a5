import { useTranslation } from "@yingda/i18n";
import { Button, Dialog } from "@yingda/ui";
import { useExternal } from "../external";
import { asking } from "./held";
import { Wizard } from "./Wizard";

/** The wizard over whatever waits for a verification. */
export default function WizardDialog() {
  const { t } = useTranslation();
  const wanted = useExternal(asking, (a) => a);
  if (!wanted) return null;
  return (
    <Dialog
      open
      size="sm"
      onOpenChange={(open) => !open && wanted.closed()}
      title={t("verification.title")}
      footer={<Button onClick={wanted.closed}>{t("common.cancel")}</Button>}
    >
      <Wizard begin contact={wanted.contact} action={wanted.action} place={wanted.place} onPassed={wanted.passed} />
    </Dialog>
  );
}

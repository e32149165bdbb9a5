import { useTranslation } from "@yingda/i18n";
import { Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";

export function BackToContacts() {
  const { t } = useTranslation();
  return (
    <Link to="/contacts" aria-label={t("common.back")} className="-my-1 -mr-2 grid size-8 place-items-center rounded-md text-mut hover:bg-line2 hover:text-fg">
      <ArrowLeft size={17} aria-hidden="true" />
    </Link>
  );
}

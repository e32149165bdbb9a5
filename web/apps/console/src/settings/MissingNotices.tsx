import { Link } from "@tanstack/react-router";
import { useTranslation } from "@yingda/i18n";
import { TriangleAlert } from "lucide-react";
import { can, useMe } from "../query";
import { useTerms } from "./promiseQueries";

/** Warns those who can do something about it that the notice of a year's holidays is missing. */
export function MissingNotices({ link = true }: { link?: boolean }) {
  const me = useMe();
  return can(me, "promise.manage") ? <Warning link={link} /> : null;
}

function Warning({ link }: { link: boolean }) {
  const { t } = useTranslation();
  const missing = useTerms().data?.missing ?? [];
  if (missing.length === 0) return null;
  return (
    <div role="status" className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-xl border border-note-line bg-note px-4 py-2.5 text-sm text-warn">
      <TriangleAlert size={16} className="shrink-0" aria-hidden="true" />
      <span className="min-w-0 flex-1 basis-60">{t("promises.notice.missing", { years: missing.join(", ") })}</span>
      {link && (
        <Link to="/settings/{-$section}" params={{ section: "holidays" }} className="font-medium underline underline-offset-2">
          {t("promises.notice.go")}
        </Link>
      )}
    </div>
  );
}

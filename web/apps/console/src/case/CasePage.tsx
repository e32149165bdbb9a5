import { api, ApiError, type Attachment, type Case } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { buttonClass, ErrorState, Pill, Section, SkeletonRows } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowLeft, MessagesSquare, UserRound } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Pair } from "../contact/ContactCard";
import { Attachments } from "../conversation/Attachments";
import { problem } from "../problem";
import { can, keys, useMe } from "../query";
import { CompensationSection } from "../reward/CompensationSection";
import { RewardSection } from "../reward/RewardSection";
import { caseRoute } from "../router";
import { Page } from "../shell/Page";
import { Allowed, NotFoundPage } from "../shell/pages";
import { fullTime } from "../time";
import { caseTones } from "./CasesPage";

const Lightbox = lazy(() => import("../conversation/Lightbox"));

export default function CasePage() {
  return (
    <Allowed to={["case.read"]}>
      <CaseView />
    </Allowed>
  );
}

function CaseView() {
  const { t } = useTranslation();
  const { id } = caseRoute.useParams();
  const found = useQuery({ queryKey: keys.case(id), queryFn: () => api.cases.get(id) });
  if (found.error instanceof ApiError && found.error.status === 404) return <NotFoundPage />;
  const title = found.data ? found.data.subject || found.data.number : t("cases.title");
  return (
    <Page
      title={title}
      before={
        <Link to="/cases" aria-label={t("cases.back")} className="-my-1 -mr-2 grid size-8 place-items-center rounded-md text-mut hover:bg-line2 hover:text-fg">
          <ArrowLeft size={17} aria-hidden="true" />
        </Link>
      }
    >
      {found.isPending && <SkeletonRows rows={6} />}
      {found.error && <ErrorState title={t("common.error.title")} detail={problem(found.error).text} requestId={problem(found.error).requestId} onRetry={() => void found.refetch()} />}
      {found.data && <Details item={found.data} />}
    </Page>
  );
}

function Details({ item }: { item: Case }) {
  const { t } = useTranslation();
  const me = useMe();
  const [shown, setShown] = useState<Attachment>();
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[1fr_300px]">
      <div className="min-w-0">
        <Section title={t("cases.text")}>
          <p className="text-base break-words whitespace-pre-wrap">{item.text}</p>
        </Section>
        <CompensationSection caseId={item.id} />
        <RewardSection caseId={item.id} />
        {item.attachments.length > 0 && (
          <Section title={t("cases.attachments")}>
            <Attachments items={item.attachments} onImage={setShown} />
          </Section>
        )}
      </div>
      <Section title={item.number}>
        <dl>
          <Pair name={t("cases.kind.title")}>
            <Pill tone={item.kind === "complaint" ? "bad" : "plain"}>{t(`cases.kind.${item.kind}`)}</Pill>
          </Pair>
          <Pair name={t("cases.state.title")}>
            <Pill tone={caseTones[item.state]}>{t(`cases.state.${item.state}`)}</Pill>
          </Pair>
          <Pair name={t("cases.from")}>{item.name}</Pair>
          {item.phone && (
            <Pair name={t("cases.phone")}>
              <span className="num">{item.phone}</span>
            </Pair>
          )}
          {item.email && <Pair name={t("cases.email")}>{item.email}</Pair>}
          {item.order && <Pair name={t("cases.order")}>{item.order}</Pair>}
          <Pair name={t("cases.source.title")}>{t(`cases.source.${item.source}`)}</Pair>
          <Pair name={t("cases.created")}>
            <time dateTime={item.created_at} className="num">
              {fullTime(item.created_at)}
            </time>
          </Pair>
        </dl>
        <div className="mt-3 flex flex-col gap-2">
          {item.conversation_id && (
            <Link to="/inbox/$view/{-$id}" params={{ view: "all", id: item.conversation_id }} className={buttonClass("default")}>
              <MessagesSquare size={15} aria-hidden="true" />
              {t("cases.open_conversation")}
            </Link>
          )}
          {item.contact_id && can(me, "contact.read") && (
            <Link to="/contacts/$id" params={{ id: item.contact_id }} className={buttonClass("default")}>
              <UserRound size={15} aria-hidden="true" />
              {t("cases.open_contact")}
            </Link>
          )}
        </div>
      </Section>
      <Suspense>{shown && <Lightbox images={item.attachments.filter((a) => a.kind === "image")} first={shown} onClose={() => setShown(undefined)} />}</Suspense>
    </div>
  );
}

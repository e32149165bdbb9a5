import { people, type Contact } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Avatar, Button, EmptyState, LoadMore, Section, SkeletonRows } from "@yingda/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { UserRoundCheck } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Failure, useChange } from "../form/failure";
import { keys } from "../query";
import { Page } from "../shell/Page";
import { Allowed } from "../shell/pages";
import { fullTime } from "../time";
import { BackToContacts } from "./BackToContacts";

const MergeDialog = lazy(() => import("./MergeDialog"));

/** Numbers and addresses that more than one customer has. */
export default function DuplicatesPage() {
  return (
    <Allowed to={["contact.merge"]}>
      <Duplicates />
    </Allowed>
  );
}

function Duplicates() {
  const { t } = useTranslation();
  const [pair, setPair] = useState<[Contact, Contact]>();
  const list = useInfiniteQuery({
    queryKey: keys.people("duplicates"),
    queryFn: ({ pageParam }) => people.duplicates(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
  });
  const apart = useChange(([a, b]: [Contact, Contact]) => people.notSame(a.id, b.id), { stale: [["people"]], done: t("contact.merge.said_not_same") });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title={t("contact.duplicates.title")} description={t("contact.duplicates.about")} before={<BackToContacts />}>
      {list.isPending && <SkeletonRows rows={6} />}
      {list.error && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && !list.hasNextPage && <EmptyState icon={<UserRoundCheck size={20} />} title={t("contact.duplicates.empty")} detail={t("contact.duplicates.empty_hint")} />}
      {rows.map((row) => (
        <Section key={`${row.kind} ${row.people.map(({ id }) => id).join(" ")}`} title={`${t(`contact.identity.kinds.${row.kind}`)} ${row.shown}`}>
          <ul className="flex flex-col gap-1.5">
            {row.people.map((person, i) => {
              const first = row.people[0]!;
              return (
                <li key={person.id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
                  <Avatar name={person.name} size={26} />
                  <Link to="/contacts/$id" params={{ id: person.id }} className="font-medium hover:text-brand-ink hover:underline">
                    {person.name}
                  </Link>
                  <span className="num text-xs text-mut">{person.last_seen_at ? t("contact.duplicates.seen", { n: person.conversations, at: fullTime(person.last_seen_at) }) : t("contact.never_seen")}</span>
                  {i > 0 && (
                    <span className="ml-auto flex gap-1.5">
                      <Button size="sm" onClick={() => setPair([first, person])}>
                        {t("contact.merge.look_with", { name: first.name })}
                      </Button>
                      <Button size="sm" variant="ghost" onClick={() => apart.mutate([first, person])}>
                        {t("contact.merge.not_same")}
                      </Button>
                    </span>
                  )}
                </li>
              );
            })}
          </ul>
        </Section>
      ))}
      <LoadMore more={list.hasNextPage} loading={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
      <Suspense>{pair && <MergeDialog kept={pair[0]} other={pair[1]} onClose={() => setPair(undefined)} />}</Suspense>
    </Page>
  );
}

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, promises, type Settings } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Field, Input, PageHeader, SaveBar, Section } from "@yingda/ui";
import { BilingualField } from "../form/BilingualField";
import { LeaveGuard } from "../form/LeaveGuard";
import { useDraft } from "../form/draft";
import { Loaded, fieldErrors, useChange } from "../form/failure";
import { keys, queryClient, useSettings } from "../query";
import { HoursEditor } from "./HoursEditor";
import { hoursInOrder } from "./hours";
import { inLanguage } from "./terms";

type Company = Pick<Settings, "company" | "phone" | "email" | "complaint_email" | "address" | "phone_hours" | "promise_chat" | "promise_phone" | "promise_email">;

function companyOf({ company, phone, email, complaint_email, address, phone_hours, promise_chat, promise_phone, promise_email }: Settings): Company {
  return { company, phone, email, complaint_email, address, phone_hours, promise_chat, promise_phone, promise_email };
}

/** What the contact page, the widget and the mails say about the company. */
export function CompanySection() {
  const { t } = useTranslation();
  const query = useSettings();
  return (
    <>
      <PageHeader title={t("settings.sections.company")} description={t("settings.company.about")} />
      <Loaded query={query}>{(settings) => <CompanyForm saved={companyOf(settings)} />}</Loaded>
    </>
  );
}

function CompanyForm({ saved }: { saved: Company }) {
  const { t } = useTranslation();
  const { draft, dirty, set, discard } = useDraft(saved);
  const save = useChange(() => api.settings.change(draft), {
    done: t("settings.saved"),
    onDone: (settings) => {
      queryClient.setQueryData(keys.settings, settings);
      discard();
    },
  });
  const errors = fieldErrors(save.error);
  const inOrder = hoursInOrder(draft.phone_hours);
  return (
    <>
      <LeaveGuard dirty={dirty} />
      <Section title={t("settings.company.who")}>
        <div className="flex flex-col gap-4">
          <BilingualField label={t("settings.company.name")} value={draft.company} onChange={(company) => set({ company })} maxLength={100} errors={{ zh: errors["company.zh"] ?? errors["company"], en: errors["company.en"] }} />
          <BilingualField label={t("settings.company.address")} value={draft.address} onChange={(address) => set({ address })} maxLength={300} errors={{ zh: errors["address"] }} />
        </div>
      </Section>
      <Section title={t("settings.company.reach")} description={t("settings.company.reach_hint")}>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("settings.company.phone")} error={errors["phone"]}>
            <Input type="tel" value={draft.phone} onChange={(e) => set({ phone: e.target.value })} placeholder="400-800-1234" />
          </Field>
          <Field label={t("settings.company.email")} error={errors["email"]}>
            <Input type="email" value={draft.email} onChange={(e) => set({ email: e.target.value })} placeholder="service@example.cn" />
          </Field>
          <Field label={t("settings.company.complaint_email")} hint={t("settings.company.complaint_email_hint")} error={errors["complaint_email"]}>
            <Input type="email" value={draft.complaint_email} onChange={(e) => set({ complaint_email: e.target.value })} placeholder="complaint@example.cn" />
          </Field>
        </div>
      </Section>
      <Section title={t("settings.company.phone_hours")}>
        <HoursEditor value={draft.phone_hours} onChange={(phone_hours) => set({ phone_hours })} />
      </Section>
      <Section title={t("settings.company.promises")} description={t("settings.company.promises_hint")}>
        <div className="flex flex-col gap-4">
          <ToldNow />
          <BilingualField label={t("settings.company.promise_chat")} value={draft.promise_chat} onChange={(promise_chat) => set({ promise_chat })} maxLength={200} />
          <BilingualField label={t("settings.company.promise_phone")} value={draft.promise_phone} onChange={(promise_phone) => set({ promise_phone })} maxLength={200} />
          <BilingualField label={t("settings.company.promise_email")} value={draft.promise_email} onChange={(promise_email) => set({ promise_email })} maxLength={200} />
        </div>
      </Section>
      <SaveBar dirty={dirty} saving={save.isPending} onSave={() => inOrder && save.mutate()} onDiscard={discard} error={inOrder ? undefined : t("settings.hours.fix_first")} />
    </>
  );
}

/** The terms that the contact page and the widget tell, from the preset in force. */
function ToldNow() {
  const { t } = useTranslation();
  const { data } = useQuery({ queryKey: ["promises", "told"], queryFn: promises.told });
  const told = data?.items.filter(({ way }) => way === "phone" || way === "chat" || way === "email") ?? [];
  if (told.length === 0) return null;
  return (
    <div className="rounded-lg border bg-raise px-3 py-2">
      <p className="text-2xs text-faint">{t("settings.company.told")}</p>
      <ul className="mt-0.5 flex flex-wrap gap-x-5 gap-y-1">
        {told.map(({ way, metric, term }) => (
          <li key={`${way}.${metric}`} className="num">
            <span className="text-mut">{way === "chat" || way === "phone" || way === "email" ? t(`settings.company.promise_${way}`) : way}</span> <strong className="font-medium">{inLanguage(term, currentLanguage())}</strong>
          </li>
        ))}
      </ul>
      <Link to="/settings/{-$section}" params={{ section: "promises" }} className="text-xs text-brand-ink underline underline-offset-2">
        {t("settings.company.promises_go")}
      </Link>
    </div>
  );
}

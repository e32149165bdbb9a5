import { api, type Lang } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Field, Input, PageHeader, SaveBar, Section, Segmented } from "@yingda/ui";
import { useState } from "react";
import { LeaveGuard } from "../form/LeaveGuard";
import { useDraft } from "../form/draft";
import { fieldErrors, useChange } from "../form/failure";
import { chooseLanguage } from "../language";
import { setPrefs, usePrefs, type Theme } from "../prefs";
import { keys, queryClient, useMe } from "../query";

/** Who the reader is to colleagues and to customers, in which language, and the password. */
export function ProfileSection() {
  const { t } = useTranslation();
  const me = useMe();
  const { draft, dirty, set, discard } = useDraft({ name: me.name, nickname: me.nickname });
  const save = useChange(() => api.me.change(draft), {
    done: t("settings.saved"),
    onDone: (saved) => {
      queryClient.setQueryData(keys.me, saved);
      discard();
    },
  });
  const errors = fieldErrors(save.error);
  return (
    <>
      <LeaveGuard dirty={dirty} />
      <PageHeader title={t("settings.sections.profile")} description={t("settings.profile.about")} />
      <Section title={t("settings.profile.identity")}>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("settings.profile.name")} hint={t("settings.profile.name_hint")} error={errors["name"]} required>
            <Input value={draft.name} maxLength={60} onChange={(e) => set({ name: e.target.value })} autoComplete="name" />
          </Field>
          <Field label={t("settings.profile.nickname")} hint={t("settings.profile.nickname_hint")} error={errors["nickname"]}>
            <Input value={draft.nickname} maxLength={60} onChange={(e) => set({ nickname: e.target.value })} placeholder={draft.name} />
          </Field>
          <Field label={t("settings.profile.email")} hint={t("settings.profile.email_hint")}>
            <Input value={me.email} readOnly />
          </Field>
        </div>
      </Section>
      <LookSection />
      <PasswordSection />
      <SaveBar dirty={dirty} saving={save.isPending} onSave={() => save.mutate()} onDiscard={discard} />
    </>
  );
}

function LookSection() {
  const { t, i18n } = useTranslation();
  const { theme, density } = usePrefs();
  const speak = useChange((language: Lang) => api.me.change({ language }), { onDone: (saved) => queryClient.setQueryData(keys.me, saved) });
  function changeLanguage(language: Lang) {
    void chooseLanguage(language);
    speak.mutate(language);
  }
  return (
    <Section title={t("settings.profile.look")} description={t("settings.profile.look_hint")}>
      <div className="flex flex-wrap gap-x-8 gap-y-4">
        <Field group label={t("common.language.title")}>
          <Segmented value={i18n.language as Lang} onChange={changeLanguage} choices={(["zh", "en"] as const).map((value) => ({ value, label: t(`common.language.${value}`) }))} />
        </Field>
        <Field group label={t("common.theme.title")}>
          <Segmented<Theme> value={theme} onChange={(next) => setPrefs({ theme: next })} choices={(["system", "light", "dark"] as const).map((value) => ({ value, label: t(`common.theme.${value}`) }))} />
        </Field>
        <Field group label={t("settings.profile.density")}>
          <Segmented value={density} onChange={(next) => setPrefs({ density: next })} choices={(["comfortable", "compact"] as const).map((value) => ({ value, label: t(`settings.profile.${value}`) }))} />
        </Field>
      </div>
    </Section>
  );
}

const shortestPassword = 10;

function PasswordSection() {
  const { t } = useTranslation();
  const [form, setForm] = useState({ old: "", next: "", again: "" });
  const [tried, setTried] = useState(false);
  const change = useChange(() => api.me.change({ old_password: form.old, new_password: form.next }), {
    done: t("settings.profile.password_changed"),
    onDone: () => {
      setForm({ old: "", next: "", again: "" });
      setTried(false);
    },
  });
  const server = fieldErrors(change.error);
  const short = tried && form.next.length < shortestPassword ? t("settings.profile.password_short", { n: shortestPassword }) : undefined;
  const differs = tried && form.again !== form.next ? t("settings.profile.password_differs") : undefined;

  function submit(event: React.FormEvent) {
    event.preventDefault();
    setTried(true);
    if (form.old && form.next.length >= shortestPassword && form.again === form.next) change.mutate();
  }
  return (
    <Section title={t("settings.profile.password")} description={t("settings.profile.password_hint")}>
      <form onSubmit={submit} noValidate className="grid gap-4 sm:grid-cols-3">
        <input type="text" autoComplete="username" hidden readOnly value="" />
        <Field label={t("settings.profile.password_old")} error={server["old_password"] ?? (tried && !form.old ? t("settings.needed") : undefined)} required>
          <Input type="password" autoComplete="current-password" value={form.old} onChange={(e) => setForm({ ...form, old: e.target.value })} />
        </Field>
        <Field label={t("settings.profile.password_new")} error={server["new_password"] ?? server["password"] ?? short} hint={t("settings.profile.password_rule", { n: shortestPassword })} required>
          <Input type="password" autoComplete="new-password" value={form.next} onChange={(e) => setForm({ ...form, next: e.target.value })} />
        </Field>
        <Field label={t("settings.profile.password_again")} error={differs} required>
          <Input type="password" autoComplete="new-password" value={form.again} onChange={(e) => setForm({ ...form, again: e.target.value })} />
        </Field>
        <div className="sm:col-span-3">
          <Button type="submit" loading={change.isPending}>
            {t("settings.profile.password_change")}
          </Button>
        </div>
      </form>
    </Section>
  );
}

import { api, type Lang } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Avatar, Button, buttonClass, Popover, Segmented, Switch, useToast } from "@yingda/ui";
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Keyboard, LogOut, Settings } from "lucide-react";
import { useState } from "react";
import { chooseLanguage } from "../language";
import { askForDesktop, beep } from "../live/alert";
import { setPrefs, usePrefs, type Theme } from "../prefs";
import { problem } from "../problem";
import { keys, queryClient, useMe } from "../query";
import { useShell } from "./context";
import { Unreachable } from "../softphone/Unreachable";
import { PresenceMenu } from "./PresenceMenu";

export function AccountMenu() {
  const { t } = useTranslation();
  const me = useMe();
  const [open, setOpen] = useState(false);
  return (
    <Popover
      label={t("shell.account")}
      side="right"
      align="end"
      open={open}
      onOpenChange={setOpen}
      className="w-72 p-0"
      trigger={
        <button type="button" aria-label={`${t("shell.account")} ${me.name}`} className="mt-1.5 flex shrink-0 rounded-full max-md:mt-0 max-md:mr-1">
          <Avatar name={me.nickname || me.name} size={32} presence={me.presence.state} />
        </button>
      }
    >
      <div className="flex items-center gap-3 border-b px-4 py-3">
        <Avatar name={me.nickname || me.name} size={36} />
        <div className="min-w-0">
          <div className="truncate font-medium">{me.name}</div>
          <div className="truncate text-xs text-mut">{me.email}</div>
        </div>
      </div>
      <div className="border-b px-4 py-3">
        <PresenceMenu />
        <Unreachable />
      </div>
      <Appearance />
      <Alerts />
      <Ways onDone={() => setOpen(false)} />
    </Popover>
  );
}

function Appearance() {
  const { t, i18n } = useTranslation();
  const { theme } = usePrefs();
  function choose(language: Lang) {
    void chooseLanguage(language);
    // the server words what it sends without a request, such as mail, in the agent's own language
    api.me.change({ language }).then((me) => queryClient.setQueryData(keys.me, me), () => {});
  }
  return (
    <div className="flex flex-col gap-2 border-b px-4 py-3">
      <Segmented<Theme>
        label={t("common.theme.title")}
        value={theme}
        onChange={(next) => setPrefs({ theme: next })}
        choices={(["system", "light", "dark"] as const).map((value) => ({ value, label: t(`common.theme.${value}`) }))}
        className="w-full"
      />
      <Segmented<Lang>
        label={t("common.language.title")}
        value={i18n.language === "en" ? "en" : "zh"}
        onChange={choose}
        choices={(["zh", "en"] as const).map((value) => ({ value, label: t(`common.language.${value}`) }))}
        className="w-full"
      />
    </div>
  );
}

function Alerts() {
  const { t } = useTranslation();
  const toast = useToast();
  const prefs = usePrefs();
  async function desktop(on: boolean) {
    if (on && !(await askForDesktop())) return toast({ text: t("shell.alerts.desktop_denied"), tone: "bad" });
    setPrefs({ desktop: on });
  }
  function sound(on: boolean) {
    setPrefs({ sound: on });
    if (on) beep("message");
  }
  return (
    <div className="flex flex-col gap-2.5 border-b px-4 py-3">
      <Switch label={t("shell.alerts.sound")} checked={prefs.sound} onChange={sound} />
      <Switch label={t("shell.alerts.desktop")} checked={prefs.desktop} onChange={(on) => void desktop(on)} />
      <Switch label={t("shell.alerts.keys")} checked={prefs.singleKeys} onChange={(singleKeys) => setPrefs({ singleKeys })} />
    </div>
  );
}

function Ways({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const shell = useShell();
  const toast = useToast();
  const navigate = useNavigate();
  const signOut = useMutation({
    mutationFn: api.session.close,
    onSuccess: () => void navigate({ to: "/sign-in" }).then(() => queryClient.clear()),
    onError: (err) => toast({ text: problem(err).text, tone: "bad" }),
  });
  const row = "w-full justify-start";
  return (
    <div className="flex flex-col p-2">
      <Link to="/settings/{-$section}" params={{ section: undefined }} onClick={onDone} className={buttonClass("ghost", "md", row)}>
        <Settings size={15} aria-hidden="true" />
        {t("shell.my_settings")}
      </Link>
      <Button
        variant="ghost"
        className={row}
        icon={<Keyboard size={15} aria-hidden="true" />}
        onClick={() => {
          onDone();
          shell.openShortcuts();
        }}
      >
        {t("shell.shortcuts.title")}
      </Button>
      <Button variant="ghost" className={row} icon={<LogOut size={15} aria-hidden="true" />} loading={signOut.isPending} onClick={() => signOut.mutate()}>
        {t("auth.sign_out")}
      </Button>
    </div>
  );
}

import { useTranslation } from "@yingda/i18n";
import { Dialog, Kbd, Switch } from "@yingda/ui";
import { setPrefs, usePrefs } from "../prefs";

/** The keyboard map, and the switch for single keys. */
export default function Shortcuts({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { singleKeys } = usePrefs();
  const groups: { title: string; keys: [string, string][] }[] = [
    {
      title: t("shell.shortcuts.general"),
      keys: [
        ["Ctrl K", t("shell.shortcuts.palette")],
        ["?", t("shell.shortcuts.help")],
        ["/", t("shell.shortcuts.search")],
        ["G I/T/P/W/C/K/S", t("shell.shortcuts.go")],
        ["Alt 1–7", t("shell.shortcuts.view")],
        ["Esc", t("shell.shortcuts.close")],
      ],
    },
    {
      title: t("shell.shortcuts.list"),
      keys: [
        ["J / K", t("shell.shortcuts.move")],
        ["Enter", t("shell.shortcuts.open_row")],
        ["X", t("shell.shortcuts.select")],
        ["Shift X", t("shell.shortcuts.range")],
      ],
    },
    {
      title: t("shell.shortcuts.conversation"),
      keys: [
        ["R", t("shell.shortcuts.reply")],
        ["N", t("shell.shortcuts.note")],
        ["W", t("shell.shortcuts.whisper")],
        ["A", t("shell.shortcuts.accept")],
        ["T", t("shell.shortcuts.transfer")],
        ["I", t("conversation.actions.invite")],
        ["C", t("conversation.actions.consult")],
        ["L", t("conversation.actions.tags")],
        ["P", t("conversation.actions.priority")],
        ["D", t("aids.guide.open")],
        ["E", t("shell.shortcuts.end")],
        ["V", t("verification.open")],
        ["]", t("shell.shortcuts.panel")],
      ],
    },
    {
      title: t("phone.shortcuts.title"),
      keys: [
        ["Alt A", t("phone.shortcuts.answer")],
        ["Alt M", t("phone.shortcuts.mute")],
        ["Alt H", t("phone.shortcuts.hold")],
        ["Alt X", t("phone.shortcuts.hangup")],
      ],
    },
    {
      title: t("shell.shortcuts.composer"),
      keys: [
        ["Enter", t("shell.shortcuts.send")],
        ["Shift Enter", t("shell.shortcuts.newline")],
        ["Ctrl Enter", t("shell.shortcuts.send_close")],
        ["Tab", t("shell.shortcuts.insert_answer")],
        ["Alt S", t("shell.shortcuts.insert_suggestion")],
        ["/", t("shell.shortcuts.canned")],
        ["@", t("shell.shortcuts.mention")],
      ],
    },
  ];
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("shell.shortcuts.title")} size="lg">
      <div className="grid gap-x-10 gap-y-5 sm:grid-cols-2">
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className="mb-1 text-2xs font-medium text-faint">{group.title}</h3>
            <dl>
              {group.keys.map(([keys, what]) => (
                <div key={keys} className="flex min-h-8 items-center gap-3 border-b border-line2 last:border-b-0">
                  <dt className="order-2 ml-auto shrink-0">
                    <Kbd>{keys}</Kbd>
                  </dt>
                  <dd className="text-sm">{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Switch className="mt-5 border-t pt-4" label={t("shell.alerts.keys")} hint={t("shell.shortcuts.off_hint")} checked={singleKeys} onChange={(on) => setPrefs({ singleKeys: on })} />
    </Dialog>
  );
}

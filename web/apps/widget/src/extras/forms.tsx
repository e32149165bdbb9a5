/** The two forms: before the first message, and when nobody is there to answer. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../icons";
import type { ViewProps } from "../panel";
import type { CaseKind, PrechatField } from "../wire";
import type { Words } from "../words";

const types: Partial<Record<PrechatField, [type: string, autocomplete: string]>> = {
  name: ["text", "name"],
  phone: ["tel", "tel"],
  email: ["email", "email"],
};

function Field({ words, name, required }: { words: Words; name: PrechatField; required: boolean }) {
  const [type, autoComplete] = types[name] ?? ["text", "off"];
  return (
    <label>
      <span>{words.fields[name]}{!required && <small>{words.optional}</small>}</span>
      {name === "question" ? <textarea name={name} rows={3} required={required} /> : <input name={name} type={type as "text"} autocomplete={autoComplete as "name"} required={required} maxLength={200} />}
    </label>
  );
}

/** A form's filled fields; what is left empty is not there. */
function filled(form: HTMLFormElement): Record<string, string> {
  const fields = [...new FormData(form)].map(([name, value]) => [name, String(value).trim()] as const);
  return Object.fromEntries(fields.filter(([, value]) => value));
}

function Form({ words, submit, children }: { words: Words; submit: (fields: Record<string, string>) => unknown; children: ComponentChildren }) {
  const [busy, setBusy] = useState(false);
  const submitted = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    await submit(filled(event.currentTarget as HTMLFormElement));
    setBusy(false);
  };
  return (
    <form class="form" onSubmit={submitted}>
      {children}
      <button class="main" disabled={busy} aria-busy={busy}>{words.submit}</button>
    </form>
  );
}

export function PrechatForm({ chat, state }: ViewProps) {
  const { words } = state;
  return (
    <Form words={words} submit={(fields) => chat.begun(fields)}>
      <p>{words.before}</p>
      {chat.asked.map((field) => <Field key={field.name} words={words} {...field} />)}
    </Form>
  );
}

export function LeaveForm({ chat, state }: ViewProps) {
  const { words, opened, config, contact, draft } = state;
  const reachable = contact!.known.some((field) => field === "phone" || field === "email");
  if (opened) {
    return (
      <div class="middle" role="status">
        <Icon name="check" />
        <b>{words.received}</b>
        <p>{words.caseNumber} <strong>{opened.number}</strong></p>
        <p>{opened.promise}</p>
        <p class="small">{words.copy}</p>
        {!chat.unattended && <button class="main" onClick={() => chat.show(chat.talking ? "talk" : "home")}>{words.done}</button>}
      </div>
    );
  }
  return (
    <Form
      words={words}
      submit={({ kind, text = "", name = "", ...rest }) =>
        reachable || rest.phone || rest.email ? chat.leave({ kind: kind as CaseKind, text, name, ...rest }) : chat.warn(words.contactHint)
      }
    >
      <p>{(!config!.open && config!.after_hours) || words.leaveHint}</p>
      <label>
        <span>{words.kind}</span>
        <select name="kind">
          {Object.entries(words.kinds).map(([kind, name]) => <option key={kind} value={kind}>{name}</option>)}
        </select>
      </label>
      <label>
        <span>{words.problem}</span>
        <textarea name="text" rows={4} required maxLength={5000} defaultValue={draft} />
      </label>
      <Field words={words} name="name" required />
      <Field words={words} name="phone" required={false} />
      <Field words={words} name="email" required={false} />
      {!reachable && <p class="small">{words.contactHint}</p>}
      <Field words={words} name="order" required={false} />
    </Form>
  );
}

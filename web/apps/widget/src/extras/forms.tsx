/** The two forms: before the first message, and when nobody is there to answer. */
import { Component, type ComponentChildren } from "preact";
import { talking, unattended, asked } from "../chat";
import type { ViewProps } from "../panel";
import type { CaseKind, PrechatField } from "../wire";
import { begun, leave } from "./deeds";
import type { MoreWords } from "../words/zh-more";

const types: Partial<Record<PrechatField, [type: string, autocomplete: string]>> = {
  name: ["text", "name"],
  phone: ["tel", "tel"],
  email: ["email", "email"],
};

function Field({ words, name, required }: { words: MoreWords; name: PrechatField; required: boolean }) {
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

interface FormProps {
  words: MoreWords;
  submit: (fields: Record<string, string>) => unknown;
  children: ComponentChildren;
}

class Form extends Component<FormProps, { busy?: boolean }> {
  #submitted = async (event: SubmitEvent) => {
    event.preventDefault();
    this.setState({ busy: true });
    await this.props.submit(filled(event.currentTarget as HTMLFormElement));
    this.setState({ busy: false });
  };

  render({ words, children }: FormProps) {
    const busy = !!this.state.busy;
    return (
      <form class="form" onSubmit={this.#submitted}>
        {children}
        <button class="main" disabled={busy} aria-busy={busy}>{words.submit}</button>
      </form>
    );
  }
}

export function PrechatForm({ chat }: ViewProps) {
  const words = chat.state.more!;
  return (
    <Form words={words} submit={(fields) => begun(chat, fields)}>
      <p>{words.before}</p>
      {asked(chat.state).map((field) => <Field key={field.name} words={words} {...field} />)}
    </Form>
  );
}

export function LeaveForm({ chat }: ViewProps) {
  const { opened, config, contact, draft, more } = chat.state;
  const words = more!;
  const reachable = contact!.known.some((field) => field === "phone" || field === "email");
  if (opened) {
    return (
      <div class="middle" role="status">
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="m5 12 5 5 9-10" /></svg>
        <b>{words.received}</b>
        <p>{words.caseNumber} <strong>{opened.number}</strong></p>
        <p>{words.caseSecret} <strong>{opened.secret}</strong></p>
        <p>{opened.promise}</p>
        <p class="small">{words.copy} <a href={chat.api.address(`/progress?number=${opened.number}`)} target="_blank" rel="noopener">{words.follow}</a></p>
        {!unattended(chat.state) && <button class="main" onClick={() => chat.show(talking(chat.state) ? "talk" : "home")}>{words.done}</button>}
      </div>
    );
  }
  return (
    <Form
      words={words}
      submit={({ kind, text = "", name = "", ...rest }) =>
        reachable || rest.phone || rest.email ? leave(chat, { kind: kind as CaseKind, text, name, ...rest }) : chat.update({ notice: words.contactHint })
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

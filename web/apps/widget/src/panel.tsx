/** The window of the chat: title bar, menu, and the screen of the moment. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Chat, State } from "./chat";
import { Composer } from "./composer";
import { LeaveForm, PrechatForm } from "./forms";
import { Home } from "./home";
import { Icon } from "./icons";
import { Talk } from "./talk";

export interface ViewProps {
  chat: Chat;
  state: State;
}

export function Panel({ chat, state, inline, close }: ViewProps & { inline: boolean; close: () => void }) {
  const { words, screen, phase, config } = state;
  const panel = useRef<HTMLElement>(null);
  const [dragging, setDragging] = useState(false);
  useEffect(() => {
    if (!inline) focusIn(panel.current!);
  }, [screen, phase]);

  const keyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !inline && !event.isComposing) close();
  };
  const drag = (event: DragEvent) => {
    if (phase !== "ready" || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    setDragging(event.type === "dragover");
    if (event.type === "drop") chat.attach(event.dataTransfer.files);
  };
  const writing = phase === "ready" && (screen === "home" || screen === "talk") && !chat.unattended;
  return (
    <section
      class="panel"
      ref={panel}
      role={inline ? "region" : "dialog"}
      aria-label={config?.title || words.hello}
      tabIndex={-1}
      onKeyDown={keyDown}
      onDragOver={drag}
      onDragLeave={drag}
      onDrop={drag}
    >
      <Bar chat={chat} state={state} close={inline ? undefined : close} />
      {phase === "ready" && !state.linked && <p class="offline" role="status">{words.offline}</p>}
      {state.notice && phase === "ready" && (
        <p class="notice" role="alert">
          <span>{state.notice}</span>
          <button class="plain" aria-label={words.cancel} onClick={() => chat.dismiss()}><Icon name="close" /></button>
        </p>
      )}
      <Screen chat={chat} state={state} />
      {writing && <Composer chat={chat} state={state} />}
      {dragging && <div class="drop">{words.drop}</div>}
    </section>
  );
}

function Screen({ chat, state }: ViewProps) {
  const { words, phase, screen } = state;
  if (phase === "broken") {
    return (
      <div class="middle" role="alert">
        <Icon name="alert" />
        <b>{words.broken}</b>
        <p>{state.notice || words.brokenHint}</p>
        <button class="main" onClick={() => chat.open()}>{words.retry}</button>
      </div>
    );
  }
  if (phase !== "ready") {
    return (
      <div class="bones" role="status" aria-label={words.loading}>
        <i /><i /><i />
      </div>
    );
  }
  if (screen === "home") return <Home chat={chat} state={state} />;
  if (screen === "prechat") return <PrechatForm chat={chat} state={state} />;
  if (screen === "leave") return <LeaveForm chat={chat} state={state} />;
  return <Talk chat={chat} state={state} />;
}

function Bar({ chat, state, close }: ViewProps & { close?: () => void }) {
  const { words, config, view, screen } = state;
  const [menu, setMenu] = useState(false);
  const agent = chat.talking && view!.state === "active" ? view!.agent_name : undefined;
  const canAsk = state.phase === "ready" && (view ? view.state === "bot" : config!.assistant) && screen === "talk";
  return (
    <div class="bar">
      {screen !== "home" && state.phase === "ready" && !chat.unattended && (
        <button class="tool" aria-label={words.back} onClick={() => chat.show("home")}><Icon name="back" /></button>
      )}
      <span class="face" aria-hidden="true">{agent ? agent[0] : <Icon name={config?.assistant === false ? "person" : "bot"} />}</span>
      <div class="title">
        <b>{config?.title || " "}</b>
        <small>
          <i class={online(chat, state) ? "dot on" : "dot"} />
          {status(chat, state, agent)}
        </small>
      </div>
      {canAsk && <button class="ask" onClick={() => void chat.human()}>{words.human}</button>}
      {state.phase === "ready" && <button class="tool" aria-label={words.menu} aria-expanded={menu} onClick={() => setMenu(!menu)}><Icon name="more" /></button>}
      {close && <button class="tool" aria-label={words.close} onClick={close}><Icon name="down" /></button>}
      {menu && <Menu chat={chat} state={state} close={() => setMenu(false)} />}
    </div>
  );
}

function online(chat: Chat, { view, config }: State): boolean {
  return view && chat.talking ? view.state !== "queued" : !!config && (config.assistant || (config.open && !!config.agents_online));
}

function status(chat: Chat, { words, view, config }: State, agent: string | undefined): string {
  if (!config) return words.loading;
  if (agent) return `${agent} ${words.status.active}`;
  if (chat.talking) return view!.state === "queued" ? words.status.queued : view!.state === "bot" ? words.status.bot : words.status.online;
  if (config.assistant) return words.status.bot;
  if (!config.open) return words.status.none;
  return config.agents_online ? words.status.online : words.status.away;
}

function Menu({ chat, state, close }: ViewProps & { close: () => void }) {
  const { words, config, sound, lang } = state;
  const [ending, setEnding] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current!.querySelector("button")!.focus();
  }, [ending]);
  const leave = (event: FocusEvent) => {
    if (!box.current!.contains(event.relatedTarget as Node)) close();
  };
  const keyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    (box.current!.parentElement!.querySelector("[aria-expanded]") as HTMLElement).focus();
  };
  const choose = (act: () => unknown) => () => {
    close();
    act();
  };
  return (
    <div class="menu" ref={box} onFocusOut={leave} onKeyDown={keyDown}>
      {ending ? (
        <>
          <p>{words.endSure}</p>
          <button class="danger" onClick={choose(() => chat.end())}>{words.end}</button>
          <button onClick={choose(() => {})}>{words.cancel}</button>
        </>
      ) : (
        <>
          <button role="switch" aria-checked={sound} onClick={() => chat.setSound(!sound)}>{words.sound}<i /></button>
          {config!.languages.length > 1 && (
            <button lang={lang === "zh" ? "en" : "zh-CN"} onClick={choose(() => chat.speak(lang === "zh" ? "en" : "zh"))}>{words.language}</button>
          )}
          <button onClick={choose(() => chat.show("leave"))}>{words.leave}</button>
          {config!.phone && <a href={`tel:${config!.phone.replace(/[^+\d]/g, "")}`}>{words.call}<span>{config!.phone}</span></a>}
          {chat.talking && <button class="danger" onClick={() => setEnding(true)}>{words.end}</button>}
        </>
      )}
    </div>
  );
}

/** On a phone the first field would bring up the keyboard over what there is to read. */
function focusIn(panel: HTMLElement): void {
  const field = matchMedia("(pointer:coarse)").matches ? null : panel.querySelector<HTMLElement>("form input, form textarea, textarea");
  (field ?? panel).focus({ preventScroll: true });
}

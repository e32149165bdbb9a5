/** The window of the chat: title bar, menu, and the screen of the moment. */
import { Component, createRef, type ComponentChildren } from "preact";
import type { Chat, Parts, State } from "./chat";
import { Composer } from "./composer";
import { Home } from "./home";
import { Icon } from "./icons";

export interface ViewProps {
  chat: Chat;
  state: State;
}

interface PanelProps extends ViewProps {
  /** Part of a page, not floating over it. */
  inline: boolean;
  close: () => void;
}

export class Panel extends Component<PanelProps, { menu: boolean; dragging: boolean }> {
  #panel = createRef<HTMLElement>();
  #moved = false;
  /** What had the focus until it went nowhere. */
  #left: Node | null = null;

  componentDidMount() {
    if (!this.props.inline) focusIn(this.#panel.current!);
  }

  componentWillReceiveProps({ state }: PanelProps) {
    const now = this.props.state;
    this.#moved = (state.screen !== now.screen || state.phase !== now.phase) && !!this.#panel.current!.contains(this.#focus);
  }

  /** Where the focus was may be gone from the screen: it goes on to where the visitor writes. */
  componentDidUpdate() {
    if (this.#moved || this.#left?.isConnected === false) focusIn(this.#panel.current!);
    this.#moved = false;
    this.#left = null;
  }

  get #focus(): Element | null {
    return (this.#panel.current!.getRootNode() as ShadowRoot).activeElement;
  }

  /** Escape puts away the menu, then the window. */
  #keyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.isComposing) return;
    if (this.state.menu) {
      this.setState({ menu: false });
      this.#panel.current!.querySelector<HTMLElement>("[aria-expanded]")!.focus();
    } else if (!this.props.inline) this.props.close();
  };

  #drag = (event: DragEvent) => {
    if (this.props.state.phase !== "ready" || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.setState({ dragging: event.type === "dragover" });
    if (event.type === "drop") void this.props.chat.attach(event.dataTransfer.files);
  };

  render() {
    const { chat, state, inline, close } = this.props;
    const { words, phase, config, notice, picture, parts } = state;
    const ready = phase === "ready";
    const writing = ready && !chat.unattended && (state.screen === "home" || state.screen === "talk");
    return (
      <section
        class="panel"
        ref={this.#panel}
        role={inline ? "region" : "dialog"}
        aria-label={config?.title || words.hello}
        tabIndex={-1}
        onKeyDown={this.#keyDown}
        onClick={(event) => this.state.menu && !event.composedPath().some((node) => (node as Element).className === "bar") && this.setState({ menu: false })}
        onFocusOut={(event) => (this.#left = event.relatedTarget ? null : (event.target as Node))}
        onDragOver={this.#drag}
        onDragLeave={this.#drag}
        onDrop={this.#drag}
      >
        <div class="bar">
          <Bar chat={chat} state={state} />
          {ready && (
            <button class="tool" aria-label={words.menu} aria-expanded={!!this.state.menu} onClick={() => this.setState({ menu: !this.state.menu })}>
              <Icon name="more" />
            </button>
          )}
          {!inline && <button class="tool" aria-label={words.close} onClick={close}><Icon name="down" /></button>}
          {this.state.menu && <Later part="extras" chat={chat} state={state} draw={({ Menu }) => <Menu chat={chat} state={state} close={() => this.setState({ menu: false })} />} />}
        </div>
        {ready && !state.linked && <p class="offline" role="status">{words.offline}</p>}
        {ready && notice && (
          <p class="notice" role="alert">
            <span>{notice}</span>
            <button class="tool" aria-label={words.cancel} onClick={() => chat.warn()}><Icon name="close" /></button>
          </p>
        )}
        <Screen chat={chat} state={state} />
        {writing && <Composer chat={chat} state={state} />}
        {this.state.dragging && <div class="drop">{words.drop}</div>}
        {picture && parts.extras && <parts.extras.Viewer file={picture} chat={chat} state={state} />}
      </section>
    );
  }
}

/** Draws with a part of the widget that is fetched when first needed; bones until it is there. */
export function Later<Name extends keyof Parts>({ chat, state, part, draw }: ViewProps & { part: Name; draw: (part: Parts[Name]) => ComponentChildren }) {
  const fetched = state.parts[part];
  if (fetched) return <>{draw(fetched as Parts[Name])}</>;
  chat.fetch(part).catch(() => {});
  return <Bones label={state.words.loading} />;
}

const Bones = ({ label }: { label: string }) => <div class="bones" role="status" aria-label={label}><i /><i /><i /></div>;

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
  if (phase !== "ready") return <Bones label={words.loading} />;
  if (screen === "home") return <Home chat={chat} state={state} />;
  if (screen === "talk") return <Later part="talk" chat={chat} state={state} draw={({ Talk }) => <Talk chat={chat} state={state} />} />;
  return <Later part="extras" chat={chat} state={state} draw={({ PrechatForm, LeaveForm }) => (screen === "prechat" ? <PrechatForm chat={chat} state={state} /> : <LeaveForm chat={chat} state={state} />)} />;
}

function Bar({ chat, state }: ViewProps) {
  const { words, config, view, screen, phase } = state;
  const { title, assistant } = config ?? {};
  const stage = chat.talking ? view!.state : undefined;
  const agent = stage === "active" ? view!.agent_name : undefined;
  const [on, status] = standing(state, stage);
  return (
    <>
      {screen !== "home" && phase === "ready" && !chat.unattended && (
        <button class="tool" aria-label={words.back} onClick={() => chat.show("home")}><Icon name="back" /></button>
      )}
      <span class="face" aria-hidden="true">{agent ? agent[0] : <Icon name={assistant === false ? "person" : "bot"} />}</span>
      <div class="title">
        <b>{title}</b>
        <small><i class={on ? "dot on" : "dot"} />{agent} {status}</small>
      </div>
      {screen === "talk" && phase === "ready" && (stage ? stage === "bot" : assistant) && <button class="ask" onClick={() => void chat.human()}>{words.human}</button>}
    </>
  );
}

/** Whether somebody is there, and what to say about it. */
function standing({ words: { status, loading }, config }: State, stage: string | undefined): [boolean, string] {
  if (!config) return [false, loading];
  if (stage === "queued") return [false, status.queued];
  if (stage === "active") return [true, status.active];
  if (stage === "bot" || (!stage && config.assistant)) return [true, status.bot];
  if (!config.open) return [false, status.none];
  return config.agents_online ? [true, status.online] : [false, status.away];
}

/** On a phone the first field would bring up the keyboard over what there is to read. */
function focusIn(panel: HTMLElement): void {
  const field = matchMedia("(pointer:coarse)").matches ? null : panel.querySelector<HTMLElement>("form input, form select, textarea");
  (field ?? panel).focus({ preventScroll: true });
}

/** The window of the chat: title bar, menu, and the screen of the moment. */
import { Component, createRef, type ComponentChildren } from "preact";
import { talking, unattended, type Chat, type Extras, type State } from "./chat";
import { Composer } from "./composer";
import { Home } from "./home";
import { Icon, Tool } from "./icons";
import { Talk } from "./talk";

export interface ViewProps {
  chat: Chat;
}

interface PanelProps extends ViewProps {
  /** What is on the screen, so that it can be compared with what was. */
  state: State;
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
    const { chat } = this.props;
    const files = [...event.dataTransfer.files];
    if (event.type === "drop") chat.later(({ attach }) => attach(chat, files));
  };

  render() {
    const { chat, state, inline, close } = this.props;
    const { words, phase, config, notice, picture, extras } = state;
    const ready = phase === "ready";
    const writing = ready && !unattended(state) && (state.screen === "home" || state.screen === "talk");
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
          <Bar chat={chat} inline={inline} />
          {ready && <Tool icon="more" label={words.menu} expanded={!!this.state.menu} onClick={() => this.setState({ menu: !this.state.menu })} />}
          {!inline && <Tool icon="down" label={words.close} onClick={close} />}
          {this.state.menu && <Later chat={chat} draw={({ Menu }) => <Menu chat={chat} close={() => this.setState({ menu: false })} />} />}
        </div>
        {ready && !state.linked && <p class="offline" role="status">{words.offline}</p>}
        {ready && notice && (
          <p class="notice" role="alert">
            <span>{notice}</span>
            <Tool icon="close" label={words.cancel} onClick={() => chat.update({ notice: undefined })} />
          </p>
        )}
        <Screen chat={chat} />
        {writing && <Composer chat={chat} />}
        {this.state.dragging && <Later chat={chat} draw={({ DropHere }) => <DropHere chat={chat} />} />}
        {picture && extras && <extras.Viewer file={picture} chat={chat} />}
      </section>
    );
  }
}

interface LaterProps extends ViewProps {
  draw: (extras: Extras) => ComponentChildren;
  /** What stands there until then. */
  meanwhile?: ComponentChildren;
}

/** Draws with what is fetched when it is first needed. */
export function Later({ chat, draw, meanwhile }: LaterProps) {
  const { extras } = chat.state;
  if (extras) return <>{draw(extras)}</>;
  chat.extras().catch(() => {});
  return <>{meanwhile}</>;
}

const Bones = ({ label }: { label: string }) => <div class="bones" role="status" aria-label={label}><i /><i /><i /></div>;

function Screen({ chat }: ViewProps) {
  const { state } = chat;
  const { words, phase, screen } = state;
  if (phase === "broken") {
    return (
      <div class="middle" role="alert">
        <Icon name="alert" />
        <b>{words.broken}</b>
        <p>{state.notice || words.brokenHint}</p>
        <button class="main" onClick={chat.open}>{words.retry}</button>
      </div>
    );
  }
  const bones = <Bones label={words.loading} />;
  if (phase !== "ready") return bones;
  if (screen === "home") return <Home chat={chat} />;
  if (screen === "talk") return <Talk chat={chat} state={state} />;
  return <Later chat={chat} meanwhile={bones} draw={({ PrechatForm, LeaveForm }) => (screen === "prechat" ? <PrechatForm chat={chat} /> : <LeaveForm chat={chat} />)} />;
}

function Bar({ chat, inline }: ViewProps & { inline: boolean }) {
  const { state } = chat;
  const { words, config, view, screen, phase } = state;
  const { title, assistant } = config ?? {};
  const stage = talking(state) ? view!.state : undefined;
  const agent = stage === "active" ? view!.agent_name : undefined;
  const [on, status] = standing(state, stage);
  return (
    <>
      {screen !== "home" && phase === "ready" && !unattended(state) && <Tool icon="back" label={words.back} onClick={() => chat.show("home")} />}
      {!inline && <span class="face" aria-hidden="true">{agent ? agent[0] : <Icon name={assistant === false ? "person" : "bot"} />}</span>}
      <div class="title">
        {!inline && <b>{title}</b>}
        <small><i class={on ? "dot on" : "dot"} />{agent} {status}</small>
      </div>
      {screen === "talk" && phase === "ready" && (stage ? stage === "bot" : assistant) && <button class="ask" onClick={chat.human}>{words.human}</button>}
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

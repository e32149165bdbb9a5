/** The files of a message: pictures, films, sounds and documents. */
import type { Chat, State } from "../chat";
import { Icon } from "../icons";
import type { Attachment } from "../wire";

interface Props {
  chat: Chat;
  state: State;
}

export const Files = ({ files, chat, state }: Props & { files: Attachment[] }) => (
  <>{files.map((file) => <File key={file.id} file={file} chat={chat} state={state} />)}</>
);

function File({ file, chat, state }: Props & { file: Attachment }) {
  const { kind, name, url, thumb_url, width, height } = file;
  const address = chat.address(url);
  if (kind === "image") {
    return (
      <button class="image" aria-label={`${state.words.preview} ${name}`} onClick={() => chat.look(file)}>
        <img src={chat.address(thumb_url || url)} alt="" width={width} height={height} />
      </button>
    );
  }
  if (kind === "video") return <video src={address} controls preload="metadata" aria-label={name} />;
  if (kind === "audio") return <audio src={address} controls preload="metadata" aria-label={name} />;
  return (
    <a class="file" href={address} target="_blank" rel="noopener" download={name}>
      <Icon name="file" />
      <span><b>{name}</b><small>{size(file.size)}</small></span>
    </a>
  );
}

/** A picture over the whole page; Escape, the button or a click puts it away and gives the focus back. */
export function Viewer({ file, chat, state }: Props & { file: Attachment }) {
  return (
    <dialog
      class="viewer"
      ref={(dialog) => void (dialog?.open || dialog?.showModal())}
      aria-label={file.name}
      onClose={() => chat.look(undefined)}
      onClick={(event) => event.currentTarget.close()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <img src={chat.address(file.url)} alt={file.name} />
      <button class="tool" aria-label={state.words.close}><Icon name="close" /></button>
    </dialog>
  );
}

/** A file's size for people. */
export function size(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

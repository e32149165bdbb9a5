/** The files of a message: pictures, films, sounds and documents. */
import { Component, createRef } from "preact";
import { Icon } from "../icons";
import type { ViewProps } from "../panel";
import type { Attachment } from "../wire";

export const Files = ({ files, chat }: ViewProps & { files: Attachment[] }) => <>{files.map((file) => <File key={file.id} file={file} chat={chat} />)}</>;

function File({ file, chat }: ViewProps & { file: Attachment }) {
  const { kind, name, url, thumb_url, width, height } = file;
  const address = chat.api.address(url);
  if (kind === "image") {
    return (
      <button class="image" aria-label={`${chat.state.more!.preview} ${name}`} onClick={() => chat.update({ picture: file })}>
        <img src={chat.api.address(thumb_url || url)} alt="" width={width} height={height} />
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
export class Viewer extends Component<ViewProps & { file: Attachment }> {
  #dialog = createRef<HTMLDialogElement>();

  componentDidMount() {
    this.#dialog.current!.showModal();
  }

  render({ file, chat }: ViewProps & { file: Attachment }) {
    return (
      <dialog
        class="viewer"
        ref={this.#dialog}
        aria-label={file.name}
        onClose={() => chat.update({ picture: undefined })}
        onClick={(event) => event.currentTarget.close()}
        onKeyDown={(event) => event.stopPropagation()}
      >
        <img src={chat.api.address(file.url)} alt={file.name} />
        <button class="tool" aria-label={chat.state.words.close}><Icon name="close" /></button>
      </dialog>
    );
  }
}

/** A file's size for people. */
export function size(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

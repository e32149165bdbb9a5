/** The files that wait beside the draft. */
import { Icon, Tool } from "../icons";
import type { ViewProps } from "../panel";
import { size } from "./files";
import type { Upload } from "./uploads";

export const Tray = ({ chat }: ViewProps) => <ul class="tray">{chat.state.uploads.map((upload) => <Item key={upload.key} chat={chat} upload={upload} />)}</ul>;

function Item({ chat, upload }: ViewProps & { upload: Upload }) {
  const { words, more } = chat.state;
  const { file, preview, failed, progress, attachment } = upload;
  return (
    <li class={failed && "failed"}>
      {preview ? <img src={preview} alt="" /> : <Icon name="file" />}
      <span>
        <b>{file.name}</b>
        <small>{failed || size(file.size)}</small>
        {!failed && !attachment && <progress value={progress} aria-label={file.name} />}
      </span>
      {failed && <Tool icon="send" label={`${words.retry} ${file.name}`} onClick={upload.send} />}
      <Tool icon="close" label={`${more!.remove} ${file.name}`} onClick={upload.remove} />
    </li>
  );
}

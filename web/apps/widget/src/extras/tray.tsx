/** The files that wait beside the draft. */
import { Icon } from "../icons";
import type { ViewProps } from "../panel";
import { size } from "./files";
import type { Upload } from "./uploads";

export const Tray = ({ state }: ViewProps) => (
  <ul class="tray">{state.uploads.map((upload) => <Item key={upload.key} state={state} upload={upload} />)}</ul>
);

function Item({ state, upload }: Pick<ViewProps, "state"> & { upload: Upload }) {
  const { words } = state;
  const { file, preview, failed, progress, attachment } = upload;
  return (
    <li class={failed && "failed"}>
      {preview ? <img src={preview} alt="" /> : <Icon name="file" />}
      <span>
        <b>{file.name}</b>
        <small>{failed || size(file.size)}</small>
        {!failed && !attachment && <progress value={progress} aria-label={file.name} />}
      </span>
      {failed && <button class="tool" aria-label={`${words.retry} ${file.name}`} title={words.retry} onClick={upload.send}><Icon name="send" /></button>}
      <button class="tool" aria-label={`${words.remove} ${file.name}`} title={words.remove} onClick={upload.remove}><Icon name="close" /></button>
    </li>
  );
}

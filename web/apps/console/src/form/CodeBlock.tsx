import { CopyButton } from "@yingda/ui";

/** Code to be copied as it stands. */
export function CodeBlock({ label, code }: { label: string; code: string }) {
  return (
    <div className="relative rounded-lg border bg-raise">
      <pre tabIndex={0} aria-label={label} className="scroll overflow-x-auto p-3 pr-24 font-mono text-xs leading-5">
        <code>{code}</code>
      </pre>
      <CopyButton text={code} className="absolute top-2 right-2" />
    </div>
  );
}

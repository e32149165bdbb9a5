import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button, IconButton } from "./button";
import { useKitWords } from "./words";

export interface CopyButtonProps {
  text: string;
  label?: string;
  iconOnly?: boolean;
  size?: "sm" | "md";
  className?: string;
}

/** Puts a text on the clipboard and says that it did. */
export function CopyButton({ text, label, iconOnly, size = "sm", className }: CopyButtonProps) {
  const words = useKitWords();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1800);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy() {
    await copyText(text);
    setCopied(true);
  }
  const name = copied ? words.copied : (label ?? words.copy);
  const icon = copied ? <Check size={14} className="text-ok" /> : <Copy size={14} />;
  return (
    <>
      {iconOnly ? (
        <IconButton label={name} icon={icon} size={size} className={className} onClick={() => void copy()} />
      ) : (
        <Button icon={icon} size={size} className={className} onClick={() => void copy()}>
          {name}
        </Button>
      )}
      <span role="status" className="sr-only">
        {copied ? words.copied : ""}
      </span>
    </>
  );
}

// Without TLS there is no navigator.clipboard; the old way still works inside a click.
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

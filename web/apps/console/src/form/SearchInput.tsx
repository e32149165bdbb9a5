import { Input } from "@yingda/ui";
import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";

export interface SearchInputProps {
  label: string;
  value: string;
  /** Called when the reader pauses, and never in the middle of an input method's composition. */
  onSearch: (text: string) => void;
  className?: string;
}

export function SearchInput({ label, value, onSearch, className }: SearchInputProps) {
  const [text, setText] = useState(value);
  const composing = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  function settle(next: string, wait: number) {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onSearch(next.trim()), wait);
  }
  return (
    <Input
      type="search"
      className={className}
      aria-label={label}
      placeholder={label}
      prefix={<Search size={14} />}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        if (!composing.current) settle(event.target.value, 250);
      }}
      onCompositionStart={() => (composing.current = true)}
      onCompositionEnd={(event) => {
        composing.current = false;
        settle(event.currentTarget.value, 0);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !event.nativeEvent.isComposing) settle(text, 0);
      }}
    />
  );
}

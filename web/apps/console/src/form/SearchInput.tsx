import { Input, isComposing } from "@yingda/ui";
import { Search } from "lucide-react";
import { useSettledText } from "../useText";

export interface SearchInputProps {
  label: string;
  value: string;
  /** Called when the reader pauses, and never in the middle of an input method's composition. */
  onSearch: (text: string) => void;
  className?: string;
}

export function SearchInput({ label, value, onSearch, className }: SearchInputProps) {
  const box = useSettledText(value, onSearch);
  return (
    <Input
      {...box.props}
      type="search"
      className={className}
      aria-label={label}
      placeholder={label}
      prefix={<Search size={14} />}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !isComposing(event)) box.now();
      }}
    />
  );
}

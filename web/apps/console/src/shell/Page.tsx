import { cn, PageHeader } from "@yingda/ui";
import type { ReactNode } from "react";

/** A page of its own width beside the rail: lists and single things. */
export function Page({ title, description, actions, before, wide, children }: { title: string; description?: ReactNode; actions?: ReactNode; before?: ReactNode; wide?: boolean; children: ReactNode }) {
  return (
    <main className="scroll min-w-0 flex-1 overflow-auto bg-canvas" tabIndex={-1}>
      <div className={cn("mx-auto px-6 py-5 max-md:px-4", wide ? "max-w-7xl" : "max-w-5xl")}>
        <PageHeader title={title} description={description} actions={actions} before={before} />
        {children}
      </div>
    </main>
  );
}
